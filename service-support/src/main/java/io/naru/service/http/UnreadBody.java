package io.naru.service.http;

import jakarta.servlet.ServletRequest;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.coyote.ActionCode;
import org.apache.coyote.ContinueResponseTiming;
import org.apache.coyote.Request;

/**
 * What is left of a body when the answer has been decided. Tomcat would read it to its end on a thread that waits for the client; a
 * client that sends nothing holds that thread. An answer that leaves a body unread therefore ends the connection.
 */
public final class UnreadBody {

    static final String ATTRIBUTE = UnreadBody.class.getName();

    private final Request request;

    UnreadBody(Request request) {
        this.request = request;
    }

    /** Whether some of the body has not been read. Only before the answer. */
    public static boolean isLeft(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof UnreadBody body && isLeft(body.request);
    }

    /** The same where no valve has been. */
    public static boolean isLeft(Request request) {
        AtomicBoolean read = new AtomicBoolean();
        request.action(ActionCode.REQUEST_BODY_FULLY_READ, read);
        return !read.get();
    }

    /** Lets the container close the connection instead of waiting for what is left. The answer must say {@code Connection: close}. */
    public static void giveUp(ServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof UnreadBody body) {
            giveUp(body.request);
        }
    }

    /** The same where no valve has been. */
    public static void giveUp(Request request) {
        request.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
    }

    /** Tells a client that asked ({@code Expect: 100-continue}) to send its body. A reader that waits for the first byte must call it. */
    public static void ask(ServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof UnreadBody body) {
            body.request.action(ActionCode.ACK, ContinueResponseTiming.ON_REQUEST_BODY_READ);
        }
    }

    /** Closes the connection at once if some of the body has not been read: for answers whose headers have been sent. */
    public static void cut(ServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof UnreadBody body && isLeft(body.request)) {
            body.request.action(ActionCode.CLOSE_NOW, new IOException("the rest of the body is not wanted"));
        }
    }
}
