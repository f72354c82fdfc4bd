package io.naru.broker.log;

import org.apache.kafka.common.errors.OffsetOutOfRangeException;

/** A read below the log start offset or above the log end offset; error code 1. */
public final class LogOffsetOutOfRangeException extends OffsetOutOfRangeException {

    private static final long serialVersionUID = 1;

    private final long offset;
    private final long logStartOffset;
    private final long logEndOffset;

    LogOffsetOutOfRangeException(long offset, long logStartOffset, long logEndOffset) {
        super("offset " + offset + " is not from " + logStartOffset + " to " + logEndOffset);
        this.offset = offset;
        this.logStartOffset = logStartOffset;
        this.logEndOffset = logEndOffset;
    }

    /** Offset asked for. */
    public long offset() {
        return offset;
    }

    /** First offset there is. */
    public long logStartOffset() {
        return logStartOffset;
    }

    /** Offset of the next record. */
    public long logEndOffset() {
        return logEndOffset;
    }
}
