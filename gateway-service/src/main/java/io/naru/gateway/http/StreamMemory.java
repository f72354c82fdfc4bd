package io.naru.gateway.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What all streams together have written and their clients have not taken yet. When that is too much, each writes on only when its own
 * client has taken everything.
 */
public final class StreamMemory {

    private final long max;
    private final AtomicLong queued = new AtomicLong();

    /** Room for so many bytes. */
    public StreamMemory(long max) {
        this.max = max;
    }

    void add(int bytes) {
        queued.addAndGet(bytes);
    }

    boolean isShort() {
        return queued.get() >= max;
    }
}
