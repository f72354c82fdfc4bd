package io.naru.gateway.produce;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.http.BodyReader;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.http.ResponseStream;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One request of many records, read as they come and answered, each in its turn, as they are acknowledged. Reads no further than
 * {@link #PENDING_MAX} records ahead of their acknowledgements, nor while the client does not take its answers: the client's TCP connection
 * is what waits. Reading is done by one thread at a time (whoever finds {@code work} at zero); the answers are guarded by the monitor.
 */
public abstract class RecordStream implements ReadListener, RecordOutcome {

    private static final int PENDING_MAX = 8192;

    private final Exchange exchange;
    private final WriteServices services;
    private final String contentType;
    private final AtomicInteger work = new AtomicInteger();
    private InputCutter input;
    private JsonOut out = new JsonOut(1024);
    private @Nullable ServletInputStream in;
    private volatile @Nullable ResponseStream stream;
    private volatile boolean allRead;
    private volatile boolean paused;
    private volatile boolean gone;
    private boolean inputDone;
    private boolean answered;
    private boolean ended;

    /**
     * A stream over an exchange that has no answer yet.
     *
     * @param contentType of the answer
     */
    protected RecordStream(Exchange exchange, WriteServices services, InputCutter input, String contentType) {
        this.exchange = exchange;
        this.services = services;
        this.input = input;
        this.contentType = contentType;
    }

    /** Deals with the record that was just cut: sends it, or notes under the monitor what is wrong with it. */
    protected abstract void take();

    /** Notes, as the answer to what comes next, why it was not written. Under the monitor. */
    protected abstract void refuse(Problem problem);

    /** Answers that have not been told. Under the monitor. */
    protected abstract int pending();

    /** Tells the answers whose turn has come. Under the monitor. */
    protected abstract void drainTo(JsonOut to);

    /** What to answer to a body without any record. */
    protected abstract EmptyAnswer empty();

    /** An answer with a status of its own. */
    public record EmptyAnswer(int status, String contentType, JsonOut body) {}

    /** The body is all there: every record goes out now, and the answer when all are known. */
    public final void whole(InputCutter all) {
        exchange.suspend();
        input = all;
        while (!inputDone && (input.next() || input.last())) {
            take();
        }
        endInput();
    }

    /** The body comes bit by bit. */
    public final void begin() throws IOException {
        ServletInputStream body = exchange.request().getInputStream();
        exchange.readsBody();
        ResponseStream begun = ResponseStream.begin(exchange, 200, contentType, -1, () -> gone = true);
        if (begun == null) {
            return;
        }
        stream = begun;
        in = body;
        body.setReadListener(this);
    }

    @Override
    public final void onDataAvailable() {
        pump();
    }

    @Override
    public final void onAllDataRead() {
        allRead = true;
        pump();
    }

    @Override
    public final void onError(Throwable error) {
        // What was cut short is not a record. What was whole has been sent, and its answers may still find somebody.
        boolean slow = error instanceof SocketTimeoutException;
        synchronized (this) {
            if (!inputDone) {
                refuse(Problem.of(
                        slow ? ProblemKind.TOO_SLOW : ProblemKind.BAD_BODY,
                        slow
                                ? "nothing came for too long; the stream ends here"
                                : "the body ended in the middle of a record"));
            }
            inputDone = true;
        }
        flush();
    }

    private void pump() {
        if (work.getAndIncrement() != 0) {
            return;
        }
        int done = 1;
        do {
            try {
                step();
            } catch (IOException | RuntimeException e) {
                onError(e);
            }
            flush();
            done = work.addAndGet(-done);
        } while (done != 0);
    }

    private void step() throws IOException {
        ServletInputStream body = in;
        if (body == null) {
            return;
        }
        while (!gone && !inputDone) {
            while (!inputDone && mayTake() && input.next()) {
                take();
            }
            if (inputDone) {
                return;
            }
            if (!mayTake()) {
                pause();
                return;
            }
            if (allRead) {
                if (input.last()) {
                    take();
                }
                endInput();
                return;
            }
            if (!body.isReady()) {
                return;
            }
            int before = input.array().length;
            int at = input.writePosition();
            if (!services.bodies().reserve(exchange, input.array().length - before)) {
                synchronized (this) {
                    refuse(BodyReader.overloaded());
                }
                endInput();
                return;
            }
            int read = body.read(input.array(), at, input.free());
            if (read < 0) {
                allRead = true;
            } else {
                input.put(read);
            }
        }
    }

    private boolean mayTake() {
        ResponseStream to = stream;
        int open = openAnswers();
        return open < PENDING_MAX
                && (to == null || !to.isFull())
                && (services.batcher().hasRoom() || open == 0);
    }

    private synchronized int openAnswers() {
        return pending();
    }

    /** Goes on when there is room again, which {@link #flush} sees. */
    private void pause() {
        paused = true;
        if (mayTake()) {
            resume();
        }
    }

    private void resume() {
        if (paused) {
            paused = false;
            services.workers().execute(this::pump);
        }
    }

    /** Reads nothing more; the answer ends when everything before is told. */
    protected final void endInput() {
        synchronized (this) {
            inputDone = true;
        }
        flush();
    }

    @Override
    public final void settled() {
        flush();
        if (paused && mayTake()) {
            resume();
        }
    }

    /** Sends the answers whose turn has come; ends when all are sent. */
    private synchronized void flush() {
        if (gone) {
            return;
        }
        drainTo(out);
        boolean end = inputDone && pending() == 0;
        ResponseStream to = stream;
        if (to == null) {
            if (end) {
                answerWhole();
            }
            return;
        }
        if (out.length() > 0) {
            answered = true;
            to.write(out.array(), 0, out.length());
            out = new JsonOut(1024);
            if (to.isFull()) {
                to.whenDrained(this::resume);
            }
        }
        if (!end || ended) {
            return;
        }
        ended = true;
        if (answered) {
            to.finish();
        } else {
            EmptyAnswer empty = empty();
            to.replace(empty.status(), empty.contentType(), empty.body());
        }
    }

    private void answerWhole() {
        if (out.length() == 0) {
            EmptyAnswer empty = empty();
            exchange.answer(empty.status(), empty.contentType(), empty.body());
        } else {
            exchange.answer(200, contentType, out);
        }
    }
}
