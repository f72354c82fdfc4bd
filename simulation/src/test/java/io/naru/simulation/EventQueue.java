package io.naru.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;

/** All that will happen, by virtual time and then by the order in which it was planned. Virtual time is in µs and begins at 0. */
final class EventQueue {

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::atUs).thenComparingLong(Event::number));
    private long nowUs;
    private long planned;
    private long ran;

    private record Event(long atUs, long number, Runnable action) {}

    long nowUs() {
        return nowUs;
    }

    void after(long delayUs, Runnable action) {
        events.add(new Event(nowUs + Math.max(0, delayUs), planned++, action));
    }

    /** Runs the next event if it is due by {@code untilUs}; else lets the time pass until then. */
    boolean runNext(long untilUs) {
        Event next = events.peek();
        if (next == null || next.atUs > untilUs) {
            nowUs = Math.max(nowUs, untilUs);
            return false;
        }
        events.remove();
        nowUs = next.atUs;
        ran++;
        next.action.run();
        Violation.rethrow();
        return true;
    }

    /** Events so far. */
    long ran() {
        return ran;
    }
}
