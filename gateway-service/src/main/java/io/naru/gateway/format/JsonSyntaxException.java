package io.naru.gateway.format;

/** Text that is not the JSON expected. Thrown often and cheaply: without a stack trace. */
public final class JsonSyntaxException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int position;
    private final boolean malformed;

    private JsonSyntaxException(String message, int position, boolean malformed) {
        super(message, null, false, false);
        this.position = position;
        this.malformed = malformed;
    }

    /** Not JSON at all, from byte {@code position} of the buffer on. */
    public static JsonSyntaxException malformed(String message, int position) {
        return new JsonSyntaxException(message, position, true);
    }

    /** JSON, but not what is expected at byte {@code position} of the buffer. */
    public static JsonSyntaxException unexpected(String message, int position) {
        return new JsonSyntaxException(message, position, false);
    }

    /** Index into the buffer that was read. */
    public int position() {
        return position;
    }

    /** Whether it is not JSON, as against JSON of the wrong shape. */
    public boolean isMalformed() {
        return malformed;
    }
}
