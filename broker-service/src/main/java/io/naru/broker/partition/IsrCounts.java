package io.naru.broker.partition;

import java.util.concurrent.atomic.LongAdder;

/** How often in-sync replicas of partitions led here became fewer and more. Thread-safe. */
public final class IsrCounts {

    private final LongAdder shrinks = new LongAdder();
    private final LongAdder expands = new LongAdder();

    void changed(int before, int after) {
        if (after < before) {
            shrinks.increment();
        } else if (after > before) {
            expands.increment();
        }
    }

    /** Times that replicas left. */
    public long shrinks() {
        return shrinks.sum();
    }

    /** Times that replicas joined. */
    public long expands() {
        return expands.sum();
    }
}
