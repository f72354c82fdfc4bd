package io.naru.gateway.produce;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The trace context of a request (W3C Trace Context) as record headers. What is malformed is passed over, as the standard says. */
public final class TraceHeaders {

    private static final String PARENT = "traceparent";
    private static final String STATE = "tracestate";
    private static final Pattern VALID =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
    private static final byte[] PARENT_NAME = PARENT.getBytes(StandardCharsets.US_ASCII);
    private static final byte[] STATE_NAME = STATE.getBytes(StandardCharsets.US_ASCII);

    private final byte[] parent;
    private final byte @Nullable [] state;

    private TraceHeaders(byte[] parent, byte @Nullable [] state) {
        this.parent = parent;
        this.state = state;
    }

    /** Of a request; null when it has none, or where tracing is off. */
    public static @Nullable TraceHeaders of(HttpServletRequest request, boolean tracing) {
        String parent = tracing ? request.getHeader(PARENT) : null;
        if (parent == null || !VALID.matcher(parent).matches()) {
            return null;
        }
        String state = request.getHeader(STATE);
        return new TraceHeaders(
                parent.getBytes(StandardCharsets.US_ASCII),
                state == null ? null : state.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Adds them to a record, unless it has a trace context of its own. */
    public void addTo(RecordInput record) {
        if (!record.headers().contains(PARENT_NAME)) {
            record.headers().add(PARENT_NAME, parent);
            if (state != null) {
                record.headers().add(STATE_NAME, state);
            }
        }
    }
}
