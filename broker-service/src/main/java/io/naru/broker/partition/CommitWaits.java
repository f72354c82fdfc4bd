package io.naru.broker.partition;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/**
 * Those who wait until what they appended is committed, by offset. Thread-safe. Listeners are called once, without locks, on the
 * thread that brought the news. Whoever adds a wait bounds how many there are and for how long.
 */
final class CommitWaits {

    private final TreeSet<Wait> waits =
            new TreeSet<>(Comparator.comparingLong(Wait::offset).thenComparingLong(Wait::number));
    private long added;

    /** One who waits. */
    record Wait(long offset, long number, Consumer<Errors> listener) {}

    /** Waits until the high watermark is {@code offset} or more. */
    Wait add(long offset, Consumer<Errors> listener) {
        synchronized (waits) {
            Wait wait = new Wait(offset, added++, listener);
            waits.add(wait);
            return wait;
        }
    }

    /** Stops waiting; false when the listener has been called, or is about to be. */
    boolean remove(Wait wait) {
        synchronized (waits) {
            return waits.remove(wait);
        }
    }

    /** Everything below {@code highWatermark} is committed. */
    void reached(long highWatermark) {
        List<Wait> over = List.of();
        synchronized (waits) {
            while (!waits.isEmpty() && waits.first().offset() <= highWatermark) {
                if (over.isEmpty()) {
                    over = new ArrayList<>();
                }
                over.add(waits.pollFirst());
            }
        }
        over.forEach(wait -> wait.listener().accept(Errors.NONE));
    }

    /** Nobody can say any more whether it will be committed here. */
    void fail(Errors error) {
        List<Wait> over;
        synchronized (waits) {
            over = List.copyOf(waits);
            waits.clear();
        }
        over.forEach(wait -> wait.listener().accept(error));
    }

    int size() {
        synchronized (waits) {
            return waits.size();
        }
    }
}
