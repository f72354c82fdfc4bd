package io.naru.service.http;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.http11.Http11InputBuffer;
import org.jspecify.annotations.Nullable;

/** Refuses heads that could be read in two ways, and makes {@link UnreadBody} work for requests whose body is still to come. */
final class RequestHeadValve extends ValveBase {

    RequestHeadValve() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if (request.isAsyncDispatching()) {
            getNext().invoke(request, response); // looked at before; by now the body lies where the head was
            return;
        }
        org.apache.coyote.Request coyote = request.getCoyoteRequest();
        @Nullable String mistake = RequestHead.mistake(coyote);
        if (mistake != null) {
            response.setHeader("Connection", "close");
            UnreadBody.giveUp(coyote);
            response.sendError(400, mistake);
            return;
        }
        if (isBodyToCome(coyote)) {
            request.setAttribute(UnreadBody.ATTRIBUTE, new UnreadBody(coyote));
        }
        getNext().invoke(request, response);
    }

    private static boolean isBodyToCome(org.apache.coyote.Request request) {
        long length = request.getContentLengthLong();
        if (length == 0 || (length < 0 && request.getHeader("Transfer-Encoding") == null)) {
            return false;
        }
        return length < 0
                || !(request.getInputBuffer() instanceof Http11InputBuffer buffer)
                || buffer.getByteBuffer().remaining() < length;
    }
}
