package io.naru.gateway.http;

import io.netty.util.Timeout;
import io.netty.util.Timer;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Reads away what is left of a body whose answer is known, for a while, holding no thread. A connection that is closed while its client
 * still sends is reset, and the answer is lost on the way; most clients read nothing before they have sent all.
 */
final class LeftoverBody implements ReadListener {

    private static final long BYTES_MAX = 32L * 1024 * 1024;
    private static final long MS_MAX = 2_000;

    private final ServletInputStream in;
    private final Runnable done;
    private final Timeout deadline;
    private final AtomicBoolean over = new AtomicBoolean();
    private final byte[] scratch = new byte[8 * 1024];
    private long bytes;

    /** Calls {@code done} once: when all is read, or enough. */
    LeftoverBody(ServletInputStream in, Timer timer, Runnable done) {
        this.in = in;
        this.done = done;
        this.deadline = timer.newTimeout(t -> end(), MS_MAX, TimeUnit.MILLISECONDS);
    }

    @Override
    public void onDataAvailable() throws IOException {
        while (!over.get() && in.isReady() && !in.isFinished()) {
            int read = in.read(scratch);
            if (read < 0) {
                break;
            }
            bytes += read;
            if (bytes > BYTES_MAX) {
                end();
            }
        }
    }

    @Override
    public void onAllDataRead() {
        end();
    }

    @Override
    public void onError(Throwable error) {
        end();
    }

    private void end() {
        if (over.compareAndSet(false, true)) {
            deadline.cancel();
            done.run();
        }
    }
}
