package io.naru.broker.log;

import org.apache.kafka.common.errors.CorruptRecordException;

/** A batch that was to be read is not what was written. It is not handed out; the log remembers it as damage, to be repaired. */
public final class DamagedBatchException extends CorruptRecordException {

    private static final long serialVersionUID = 1;

    private final transient LogDamage damage;

    DamagedBatchException(LogDamage damage) {
        super("the batch at " + damage.position() + " of " + damage.file() + ", offset " + damage.offset()
                + ", is damaged: " + damage.what());
        this.damage = damage;
    }

    /** Where, and what. */
    public LogDamage damage() {
        return damage;
    }
}
