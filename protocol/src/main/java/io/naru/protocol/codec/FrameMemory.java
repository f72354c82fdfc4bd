package io.naru.protocol.codec;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * The bytes that all requests of one listener may hold together, from the moment a frame is whole until its request is answered
 * ({@code queued.max.request.bytes}). Frames still arriving are bounded by the number of connections and their deadline. Who finds none waits in turn, so that a large frame is not passed over for ever. Thread-safe.
 */
public final class FrameMemory {

    /**
     * What a byte of a request may become when it is parsed: two bytes are an empty name, which is an object with a string. Produce
     * requests are mostly records, which stay what they are; what is not is paid for while it is parsed, see {@link StructureMemory}.
     */
    private static final int PARSED_FACTOR = 32;

    /** What a byte of a Produce request that is not records may become: three are a topic, and its answer is kept with it. */
    static final int STRUCTURE_FACTOR = 64;

    /** What a Produce request may have beside its records before it takes more memory: some thirty partitions. */
    static final int STRUCTURE_PAID = 1024;

    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final long total;
    private long free;

    private record Waiting(long bytes, Runnable granted) {}

    /**
     * Memory of a fixed size.
     *
     * @param bytes not below the largest frame; one that costs more is refused
     */
    public FrameMemory(long bytes) {
        this.total = bytes;
        this.free = bytes;
    }

    /**
     * What a frame takes.
     *
     * @param apiKey of the request
     * @param bytes  of the frame
     */
    public static long cost(short apiKey, int bytes) {
        return apiKey == ApiKeys.PRODUCE.id
                ? bytes + (STRUCTURE_FACTOR - 1L) * Math.min(bytes, STRUCTURE_PAID)
                : (long) bytes * PARSED_FACTOR;
    }

    /** All there is. */
    long total() {
        return total;
    }

    /**
     * Takes memory for one frame, now or later.
     *
     * @param granted run, on any thread, when the memory has been taken later; not run when it is taken now
     * @return whether it was taken now
     */
    boolean take(long bytes, Runnable granted) {
        synchronized (waiting) {
            if (waiting.isEmpty() && bytes <= free) {
                free -= bytes;
                return true;
            }
            waiting.add(new Waiting(bytes, granted));
            return false;
        }
    }

    /** Takes memory if it is there now, before those who wait: they wait for it to come back, and this request has some already. */
    boolean takeNow(long bytes) {
        synchronized (waiting) {
            if (bytes > free) {
                return false;
            }
            free -= bytes;
            return true;
        }
    }

    /** Gives back what was taken for one frame. */
    public void giveBack(long bytes) {
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
