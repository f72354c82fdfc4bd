package io.naru.gateway.read;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.TopicPartition;

/** Somebody who waits until one of several partitions has something behind an offset. Told once at most. */
public final class Watch {

    private final TailHub hub;
    private final Map<TopicPartition, Long> offsets;
    private final Runnable onData;
    private final AtomicBoolean over = new AtomicBoolean();

    Watch(TailHub hub, Map<TopicPartition, Long> offsets, Runnable onData) {
        this.hub = hub;
        this.offsets = offsets;
        this.onData = onData;
    }

    Map<TopicPartition, Long> offsets() {
        return offsets;
    }

    boolean isOver() {
        return over.get();
    }

    /** Tells, unless it was told or cancelled. Not under the hub's lock. */
    void fire() {
        if (over.compareAndSet(false, true)) {
            hub.forget(this);
            onData.run();
        }
    }

    /** Waits no longer. False when it has been told already. */
    public boolean cancel() {
        if (!over.compareAndSet(false, true)) {
            return false;
        }
        hub.forget(this);
        return true;
    }
}
