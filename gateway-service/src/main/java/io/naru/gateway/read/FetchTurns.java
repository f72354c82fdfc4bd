package io.naru.gateway.read;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Lets few streams at a time fetch for themselves, in the order in which they asked: what a fetch brings is in memory until it is written
 * out, and a thousand followers that fall behind would all fetch at once. Thread-safe; whoever gives a turn back starts the next.
 */
public final class FetchTurns {

    private final int max;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int busy;

    /** So many at a time. */
    public FetchTurns(int max) {
        this.max = max;
    }

    /** Runs {@code turn}, now or when its turn comes; it must end with {@link #give}, however it goes. */
    void take(Runnable turn) {
        synchronized (this) {
            if (busy == max) {
                waiting.add(turn);
                return;
            }
            busy++;
        }
        turn.run();
    }

    /** A turn is over. */
    void give() {
        Runnable next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                busy--;
                return;
            }
        }
        next.run();
    }
}
