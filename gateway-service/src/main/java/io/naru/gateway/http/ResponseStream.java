package io.naru.gateway.http;

import io.naru.gateway.format.JsonOut;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is written piece by piece as the client takes it. Writers may be on any thread, one at a time; nobody ever waits for
 * the socket. A writer that finds the stream {@link #isFull() full} stops and asks to be called {@link #whenDrained}.
 *
 * <p>Whoever finds {@code work} at zero does the work of all, so no lock is held while the container is called.
 */
public final class ResponseStream implements WriteListener, AsyncListener {

    private static final int FULL_BYTES = 256 * 1024;
    private static final int SLICE_BYTES = 64 * 1024;

    private final Exchange exchange;
    private final ServletOutputStream out;
    private final Queue<ByteBuffer> chunks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    /** Of all streams; null for an answer of known length, whose memory is counted elsewhere. */
    private volatile @Nullable StreamMemory memory;

    private final AtomicInteger work = new AtomicInteger();
    private volatile boolean finishing;
    private volatile boolean over;
    private volatile boolean failed;
    private volatile @Nullable Runnable gone;
    private volatile @Nullable Runnable drained;
    private volatile @Nullable Runnable handedOver;
    private volatile @Nullable Runnable whenSent;
    private volatile boolean unflushedHead;
    private boolean unflushed;

    private ResponseStream(Exchange exchange, ServletOutputStream out) {
        this.exchange = exchange;
        this.out = out;
    }

    /**
     * Makes the outlet of an exchange that is being suspended. On the container's own thread: on another the container would take the
     * socket's lock here, and might call back at once.
     */
    static ResponseStream attach(Exchange exchange, AsyncContext async) {
        try {
            ServletOutputStream out = exchange.response().getOutputStream();
            ResponseStream stream = new ResponseStream(exchange, out);
            out.setWriteListener(stream);
            async.addListener(stream);
            return stream;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Begins the answer of a suspended exchange. Nothing leaves before the first write.
     *
     * @param contentLength total, or −1 when not known
     * @param gone          called once when the client has left before the end
     * @return null when there is an answer already, or the client has left
     */
    public static @Nullable ResponseStream begin(
            Exchange exchange, int status, String contentType, long contentLength, Runnable gone) {
        ResponseStream stream = exchange.outlet();
        if (stream == null) {
            throw new IllegalStateException("only a suspended exchange is answered by a stream");
        }
        if (!exchange.begin()) {
            return null;
        }
        stream.gone = gone;
        exchange.response().setStatus(status);
        exchange.response().setContentType(contentType);
        if (contentLength >= 0) {
            exchange.response().setContentLengthLong(contentLength);
        } else {
            stream.memory = exchange.streamMemory();
        }
        return stream;
    }

    /** Adds bytes, which are not to be changed any more. */
    public void write(byte[] bytes, int offset, int length) {
        add(bytes, offset, length);
        drain();
    }

    /** The same for one of several pieces that are at hand: they go together, with the next {@link #write} or {@link #send}. */
    public void add(byte[] bytes, int offset, int length) {
        if (length > 0 && !over) {
            count(length);
            chunks.add(ByteBuffer.wrap(bytes, offset, length));
        }
    }

    /** Sends what was added. */
    public void send() {
        drain();
    }

    /** Sends the status and headers now, although there is no body yet. */
    public void flushHead() {
        unflushedHead = true;
        drain();
    }

    /** Answers with a problem instead; only before the first write. */
    public void fail(Problem problem) {
        Exchange.Failure failure = exchange.failure(problem);
        failure.apply(exchange.response());
        write(failure.body().array(), 0, failure.body().length());
        finish();
    }

    /** Answers with another status and a short body instead; only before the first write. */
    public void replace(int status, String contentType, JsonOut body) {
        exchange.response().setStatus(status);
        exchange.response().setContentType(contentType);
        write(body.array(), 0, body.length());
        finish();
    }

    /** Ends the answer after what was written. */
    public void finish() {
        finishing = true;
        drain();
    }

    /**
     * The same.
     *
     * @param sent called once the container has sent everything; never when the client has left before
     */
    public void finish(Runnable sent) {
        whenSent = sent;
        finish();
    }

    /** Whether writers should stop for a while. */
    public boolean isFull() {
        int own = queued.get();
        StreamMemory all = memory;
        return own >= FULL_BYTES || (own > 0 && all != null && all.isShort());
    }

    /** Whether the end was sent or the client has left. */
    public boolean isOver() {
        return over;
    }

    /** Calls {@code action} once, when the stream is no longer full: perhaps at once, perhaps on another thread. */
    public void whenDrained(Runnable action) {
        drained = action;
        drain();
    }

    /** Calls {@code action} once, when all that was written so far has been given to the socket, or the client has left. */
    public void whenHandedOver(Runnable action) {
        handedOver = action;
        drain();
    }

    @Override
    public void onWritePossible() {
        drain();
    }

    @Override
    public void onError(Throwable error) {
        exchange.begin(); // there is nobody left to answer
        failed = true;
        while (!work.compareAndSet(0, 1)) {
            LockSupport.parkNanos(1_000);
        }
        work();
    }

    /**
     * The same, for a write that failed outside the container: then the listener of writes is not told. When this returns the container
     * takes the response back and gives it to another request. Whoever is writing may still be inside the call that failed, and would
     * leave its failure to that request: so this waits until that call, which itself never waits, is over.
     */
    @Override
    public void onError(AsyncEvent event) {
        onError(event.getThrowable());
    }

    @Override
    public void onComplete(AsyncEvent event) {}

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {}

    private void count(int bytes) {
        queued.addAndGet(bytes);
        StreamMemory all = memory;
        if (all != null) {
            all.add(bytes);
        }
    }

    private void drain() {
        if (work.getAndIncrement() == 0) {
            work();
        }
    }

    /** Does what there is to do. Only for whoever took {@code work} from zero. */
    private void work() {
        int done = 1;
        do {
            try {
                step();
            } catch (IOException | RuntimeException left) {
                end(true);
            }
            done = work.addAndGet(-done);
        } while (done != 0);
    }

    private void step() throws IOException {
        if (failed) {
            end(true);
        }
        while (!over && !failed && out.isReady()) {
            ByteBuffer chunk = chunks.peek();
            if (chunk != null) {
                int length = Math.min(SLICE_BYTES, chunk.remaining());
                out.write(chunk.array(), chunk.arrayOffset() + chunk.position(), length);
                chunk.position(chunk.position() + length);
                count(-length);
                unflushed = true;
                if (!chunk.hasRemaining()) {
                    chunks.remove();
                }
            } else if (unflushed || unflushedHead) {
                unflushed = false;
                unflushedHead = false;
                out.flush();
            } else if (finishing) {
                end(false);
            } else {
                break;
            }
        }
        if (over) {
            for (ByteBuffer left = chunks.poll(); left != null; left = chunks.poll()) {
                count(-left.remaining());
            }
        }
        Runnable waiting = drained;
        if (waiting != null && (over || !isFull())) {
            drained = null;
            waiting.run();
        }
        Runnable waitingForAll = handedOver;
        if (waitingForAll != null && (over || failed || (queued.get() == 0 && out.isReady()))) {
            handedOver = null;
            waitingForAll.run();
        }
    }

    private void end(boolean clientLeft) {
        if (over) {
            return;
        }
        over = true;
        exchange.complete();
        Runnable sent = whenSent;
        Runnable left = gone;
        if (clientLeft && left != null) {
            left.run();
        } else if (!clientLeft && sent != null) {
            sent.run();
        }
    }
}
