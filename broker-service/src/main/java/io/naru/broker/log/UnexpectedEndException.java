package io.naru.broker.log;

import java.io.Serial;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;

/** A conditional append found that the log ends elsewhere; nothing was appended. */
public final class UnexpectedEndException extends OffsetOutOfRangeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final long logEndOffset;

    UnexpectedEndException(long expected, long logEndOffset) {
        super("the log ends at " + logEndOffset + ", not at " + expected);
        this.logEndOffset = logEndOffset;
    }

    /** Where the log ends. */
    public long logEndOffset() {
        return logEndOffset;
    }
}
