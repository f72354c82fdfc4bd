package io.naru.service.error;

import io.naru.service.http.RequestHead;
import io.naru.service.http.UnreadBody;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tomcat's last word on a failed request, as JSON. Says what Tomcat or {@code sendError} said about a mistake of the client (4xx);
 * about our own failures (5xx) only that they happened, never which exception.
 *
 * <p>Public with a public constructor because Tomcat makes it by name.
 */
public final class JsonErrorReportValve extends ErrorReportValve {

    private static final Logger log = LoggerFactory.getLogger(JsonErrorReportValve.class);

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        if (!ioAllowed(response)) {
            return;
        }
        if (UnreadBody.isLeft(request.getCoyoteRequest())) {
            response.setHeader("Connection", "close");
            UnreadBody.giveUp(request.getCoyoteRequest());
        }
        String path = request.getRequestURI();
        String detail = status < 500 ? response.getMessage() : null;
        if (status == 400 && (detail == null || detail.isBlank())) {
            RequestHead.Refusal refusal = refusal(request);
            status = refusal.status();
            detail = refusal.detail();
            response.getCoyoteResponse().setStatus(status);
        }
        ErrorBody body =
                ErrorBody.of(path == null ? "" : path, status, detail == null || detail.isBlank() ? null : detail);
        try {
            response.setContentType(body.contentType());
            byte[] bytes = body.bytes();
            response.setContentLength(bytes.length);
            response.getOutputStream().write(bytes);
            response.finishResponse();
        } catch (IOException | IllegalStateException gone) {
            // The client has left, or the response has begun in another way: there is nobody to tell.
            log.atDebug().addKeyValue("cause", gone.toString()).log("Could not send an error report");
        }
    }

    private static RequestHead.Refusal refusal(Request request) {
        AbstractHttp11Protocol<?> http =
                (AbstractHttp11Protocol<?>) request.getConnector().getProtocolHandler();
        return RequestHead.refusal(
                request.getCoyoteRequest(), http.getMaxHttpRequestHeaderSize(), http.getMaxHeaderCount());
    }

    private static boolean ioAllowed(Response response) {
        AtomicBoolean allowed = new AtomicBoolean();
        response.getCoyoteResponse().action(ActionCode.IS_IO_ALLOWED, allowed);
        return allowed.get();
    }
}
