package io.naru.protocol.codec;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The bytes that all requests of one listener may hold together, from the moment a frame is whole until its request is answered
 * ({@code queued.max.request.bytes}). Frames still arriving are bounded by the number of connections and their deadline. Who finds none waits in turn, so that a large frame is not passed over for ever. Thread-safe.
 */
public final class FrameMemory {

    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long free;

    private record Waiting(int bytes, Runnable granted) {}

    /**
     * Memory of a fixed size.
     *
     * @param bytes not below the largest frame, which would wait for ever
     */
    public FrameMemory(long bytes) {
        this.free = bytes;
    }

    /**
     * Takes memory for one frame, now or later.
     *
     * @param granted run, on any thread, when the memory has been taken later; not run when it is taken now
     * @return whether it was taken now
     */
    boolean take(int bytes, Runnable granted) {
        synchronized (waiting) {
            if (waiting.isEmpty() && bytes <= free) {
                free -= bytes;
                return true;
            }
            waiting.add(new Waiting(bytes, granted));
            return false;
        }
    }

    /** Gives back what was taken for one frame. */
    public void giveBack(int bytes) {
        List<Runnable> granted = new ArrayList<>(0);
        synchronized (waiting) {
            free += bytes;
            while (!waiting.isEmpty() && waiting.getFirst().bytes() <= free) {
                Waiting next = waiting.removeFirst();
                free -= next.bytes();
                granted.add(next.granted());
            }
        }
        granted.forEach(Runnable::run);
    }

    /** Bytes that nobody holds. */
    public long free() {
        synchronized (waiting) {
            return free;
        }
    }
}
