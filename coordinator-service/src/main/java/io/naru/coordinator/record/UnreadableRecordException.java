package io.naru.coordinator.record;

/** A record in a shard's log is of a type that is known here, and does not read as one. The shard cannot be served. */
public final class UnreadableRecordException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What is wrong with it. */
    public UnreadableRecordException(String message) {
        super(message);
    }

    /** What is wrong with it, and what the reader said. */
    public UnreadableRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
