package io.naru.gateway.http;

import io.netty.util.Timeout;
import io.netty.util.Timer;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole body of bounded size. What has arrived with the headers is read at once, on the caller's thread; anything else as it
 * arrives, holding no thread and no more memory than what is there. A body that ends early or comes too slowly is refused, and nothing
 * of it is used.
 */
public final class BodyReader {

    private static final byte[] EMPTY = new byte[0];
    private static final int MIB = 1024 * 1024;
    private static final int FIRST_BYTES = 16 * 1024;

    private final LimitsProperties limits;
    private final MemoryBudget budget;
    private final Timer timer;

    /** A reader whose bodies share a budget. */
    public BodyReader(LimitsProperties limits, MemoryBudget budget, Timer timer) {
        this.limits = limits;
        this.budget = budget;
        this.timer = timer;
    }

    /** Takes a body. */
    @FunctionalInterface
    public interface Handler {

        /**
         * The body is whole.
         *
         * @param bytes  valid up to {@code length}, the handler's own
         */
        void body(byte[] bytes, int length) throws IOException;
    }

    /** Reads the body and calls the handler, or answers with what is wrong with it. */
    public void read(Exchange exchange, Handler handler) throws IOException {
        HttpServletRequest request = exchange.request();
        refuseEncodings(request);
        long length = request.getContentLengthLong();
        int max = (int) limits.bodySize().toBytes();
        if (length > max) {
            throw tooLarge(max);
        }
        if (length == 0 || (length < 0 && request.getHeader("Transfer-Encoding") == null)) {
            handler.body(EMPTY, 0);
            return;
        }
        ServletInputStream in = request.getInputStream();
        if (length > 0 && length <= FIRST_BYTES && in.available() >= length) {
            byte[] body = new byte[(int) length];
            int read = in.readNBytes(body, 0, body.length);
            if (read == body.length) {
                handler.body(body, read);
                return;
            }
            throw cutShort();
        }
        exchange.suspend();
        exchange.readsBody();
        in.setReadListener(new Gatherer(exchange, handler, in, length, max));
    }

    /** Content-Encoding is not taken: what is stored would not be what was sent. */
    public static void refuseEncodings(HttpServletRequest request) {
        String encoding = request.getHeader("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw Problem.of(
                            ProblemKind.UNSUPPORTED_MEDIA_TYPE,
                            "Content-Encoding " + encoding + " is not taken here; send the body as it is")
                    .exception();
        }
    }

    /** Charges memory for a body to the budget, until the answer; false when there is none. */
    public boolean reserve(Exchange exchange, int bytes) {
        return bytes <= 0 || exchange.reserve(budget, bytes);
    }

    /** What to answer when {@link #reserve} finds nothing left. */
    public static Problem overloaded() {
        return Problem.passing(ProblemKind.OVERLOADED, "the gateway is reading as many large bodies as it may; retry");
    }

    private static ProblemException tooLarge(int max) {
        return Problem.of(
                        ProblemKind.BODY_TOO_LARGE,
                        "the body is larger than " + max
                                + " bytes (naru.gateway.limits.body-size); send several, or stream application/x-ndjson")
                .exception();
    }

    private static ProblemException cutShort() {
        return Problem.of(ProblemKind.BAD_BODY, "the body ended before its Content-Length")
                .exception();
    }

    private static ProblemException badChunks() {
        return Problem.of(ProblemKind.BAD_BODY, "the chunked body is malformed or was cut short")
                .exception();
    }

    /** Gathers a body as it arrives. Called by one container thread at a time; the time limit comes from the timer. */
    private final class Gatherer implements ReadListener {

        private final Exchange exchange;
        private final Handler handler;
        private final ServletInputStream in;
        private final long expected;
        private final int max;
        private final long begunNanos = System.nanoTime();
        private volatile @Nullable Timeout deadline;
        private @Nullable LeftoverBody rest;
        private byte[] bytes = EMPTY;
        private volatile int length;

        Gatherer(Exchange exchange, Handler handler, ServletInputStream in, long expected, int max) {
            this.exchange = exchange;
            this.handler = handler;
            this.in = in;
            this.expected = expected;
            this.max = max;
            timeLater(limits.bodyTime().toNanos());
        }

        private void timeLater(long nanos) {
            deadline = timer.newTimeout(t -> checkPace(), nanos, TimeUnit.NANOSECONDS);
        }

        /** Each MiB that has come buys as much time again. */
        private void checkPace() {
            long allowed = limits.bodyTime().toNanos() * (1 + length / MIB);
            long left = allowed - (System.nanoTime() - begunNanos);
            if (left <= 0) {
                tooSlow();
            } else {
                timeLater(left);
            }
        }

        private void tooSlow() {
            exchange.fail(Problem.passing(
                    ProblemKind.TOO_SLOW,
                    "the body came too slowly (naru.gateway.limits.body-time); nothing of it was used"));
        }

        @Override
        public void onDataAvailable() throws IOException {
            LeftoverBody refused = rest;
            if (refused != null) {
                refused.onDataAvailable();
                return;
            }
            while (!exchange.isAnswered() && in.isReady() && !in.isFinished()) {
                if (length == bytes.length && !grow()) {
                    onDataAvailable();
                    return;
                }
                int read = in.read(bytes, length, bytes.length - length);
                if (read < 0) {
                    return;
                }
                int more = length + read;
                length = more;
            }
        }

        private boolean grow() {
            long size = Math.max(FIRST_BYTES, bytes.length * 2L);
            if (expected >= 0) {
                // One more than expected, so that the end is seen and not guessed.
                size = Math.min(size, expected + 1);
            }
            size = Math.min(size, max + 1L);
            if (length > max) {
                refuse(tooLarge(max).problem());
                return false;
            }
            if (!exchange.reserve(budget, (int) size - bytes.length)) {
                refuse(overloaded());
                return false;
            }
            bytes = Arrays.copyOf(bytes, (int) size);
            return true;
        }

        private void refuse(Problem problem) {
            stop();
            bytes = EMPTY;
            rest = exchange.failAfterRest(in, problem);
        }

        @Override
        public void onAllDataRead() {
            LeftoverBody refused = rest;
            if (refused != null) {
                refused.onAllDataRead();
                return;
            }
            stop();
            try {
                if (length > max) {
                    exchange.fail(tooLarge(max));
                } else if (expected >= 0 && length != expected) {
                    exchange.fail(cutShort());
                } else {
                    handler.body(bytes, length);
                }
            } catch (IOException | RuntimeException e) {
                exchange.fail(e);
            }
        }

        @Override
        public void onError(Throwable error) {
            stop();
            LeftoverBody refused = rest;
            if (refused != null) {
                refused.onError(error);
            } else if (error instanceof SocketTimeoutException) {
                tooSlow();
            } else {
                exchange.fail(expected < 0 ? badChunks() : cutShort());
            }
        }

        private void stop() {
            Timeout current = deadline;
            if (current != null) {
                current.cancel();
            }
        }
    }
}
