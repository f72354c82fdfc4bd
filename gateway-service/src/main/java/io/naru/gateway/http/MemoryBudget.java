package io.naru.gateway.http;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of one kind the gateway holds for its clients, and may. Thread-safe. */
public final class MemoryBudget {

    private final long bytesMax;
    private final AtomicLong held = new AtomicLong();

    /** A budget of {@code bytesMax} bytes. */
    public MemoryBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Takes {@code bytes} if they are there. One taker may always have something, so that nothing is too large for ever. */
    public boolean tryReserve(long bytes) {
        long now = held.addAndGet(bytes);
        if (now > bytesMax && now != bytes) {
            held.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /** Takes {@code bytes} whether they are there or not: for what has been let in already. */
    public void reserve(long bytes) {
        held.addAndGet(bytes);
    }

    /** Gives {@code bytes} back. */
    public void release(long bytes) {
        held.addAndGet(-bytes);
    }

    /** Bytes held. */
    public long held() {
        return held.get();
    }
}
