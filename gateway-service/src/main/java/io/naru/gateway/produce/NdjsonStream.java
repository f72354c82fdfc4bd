package io.naru.gateway.produce;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.format.JsonSyntaxException;
import io.naru.gateway.http.BodyReader;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.LimitsProperties;
import io.naru.gateway.http.MediaTypes;
import io.naru.gateway.http.Outcome;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.http.ResponseStream;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One request of envelopes. Reads no further than {@link #PENDING_MAX} records ahead of their acknowledgements, nor while the client does
 * not take its answers: the client's TCP connection is what waits. Reading is done by one thread at a time (whoever finds {@code work} at
 * zero); the answers are guarded by the monitor.
 */
final class NdjsonStream implements ReadListener, RecordOutcome {

    private static final int PENDING_MAX = 8192;

    private final Exchange exchange;
    private final TopicState topic;
    private final Acks acks;
    private final int partition;
    private final BodyReader bodies;
    private final TopicDirectory directory;
    private final ProduceBatcher batcher;
    private final Executor workers;
    private final LimitsProperties limits;
    private final EnvelopeParser parser;
    private final RecordInput record = new RecordInput();
    private final OrderedAnswers answers = new OrderedAnswers();
    private final AtomicInteger work = new AtomicInteger();
    private JsonOut out = new JsonOut(1024);
    private LineBuffer lines;
    private long line;
    private @Nullable TraceHeaders trace;
    private @Nullable ServletInputStream in;
    private volatile @Nullable ResponseStream stream;
    private volatile boolean allRead;
    private volatile boolean paused;
    private volatile boolean gone;
    private boolean inputDone;
    private boolean answered;
    private boolean ended;

    NdjsonStream(
            Exchange exchange,
            TopicState topic,
            Acks acks,
            int partition,
            BodyReader bodies,
            TopicDirectory directory,
            ProduceBatcher batcher,
            Executor workers,
            LimitsProperties limits) {
        this.exchange = exchange;
        this.topic = topic;
        this.acks = acks;
        this.partition = partition;
        this.bodies = bodies;
        this.directory = directory;
        this.batcher = batcher;
        this.workers = workers;
        this.limits = limits;
        this.parser = new EnvelopeParser(limits.jsonDepth());
        this.lines = new LineBuffer((int) limits.lineSize().toBytes());
    }

    /** Gives every record that has none of its own this trace context. */
    void trace(@Nullable TraceHeaders headers) {
        trace = headers;
    }

    /** The body is all there: every record goes out now, and the answer when all are known. */
    void whole(byte[] bytes, int length) {
        exchange.suspend();
        lines = new LineBuffer(bytes, length, (int) limits.lineSize().toBytes());
        while (lines.nextLine() || lines.lastLine()) {
            takeLine();
        }
        endInput();
    }

    /** The body comes bit by bit. */
    void begin() throws IOException {
        ServletInputStream body = exchange.request().getInputStream();
        exchange.readsBody();
        ResponseStream begun = ResponseStream.begin(exchange, 200, MediaTypes.NDJSON, -1, () -> gone = true);
        if (begun == null) {
            return;
        }
        stream = begun;
        in = body;
        body.setReadListener(this);
    }

    @Override
    public void onDataAvailable() {
        pump();
    }

    @Override
    public void onAllDataRead() {
        allRead = true;
        pump();
    }

    @Override
    public void onError(Throwable error) {
        // What was cut short is not a record. What was whole has been sent, and its answers may still find somebody.
        boolean slow = error instanceof SocketTimeoutException;
        synchronized (this) {
            line++;
            refuse(Problem.of(
                    slow ? ProblemKind.TOO_SLOW : ProblemKind.BAD_BODY,
                    slow
                            ? "nothing came for too long; the stream ends here"
                            : "the body ended in the middle of a line"));
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
        if (body == null || inputDone) {
            return;
        }
        while (!gone) {
            while (mayTake() && lines.nextLine()) {
                takeLine();
            }
            if (!mayTake()) {
                pause();
                return;
            }
            if (allRead) {
                if (lines.lastLine()) {
                    takeLine();
                }
                endInput();
                return;
            }
            if (!body.isReady()) {
                return;
            }
            int before = lines.array().length;
            int at = lines.writePosition();
            if (!bodies.reserve(exchange, lines.array().length - before)) {
                line++;
                refuse(BodyReader.overloaded());
                endInput();
                return;
            }
            int read = body.read(lines.array(), at, lines.free());
            if (read < 0) {
                allRead = true;
            } else {
                lines.put(read);
            }
        }
    }

    private boolean mayTake() {
        ResponseStream to = stream;
        return pending() < PENDING_MAX && (to == null || !to.isFull()) && (batcher.hasRoom() || pending() == 0);
    }

    private synchronized int pending() {
        return answers.pending();
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
            workers.execute(this::pump);
        }
    }

    private void takeLine() {
        line++;
        if (lines.wasTooLong()) {
            refuse(Problem.of(
                    ProblemKind.RECORD_TOO_LARGE,
                    "the line is longer than " + limits.lineSize().toBytes()
                            + " bytes (naru.gateway.limits.line-size)"));
            return;
        }
        if (lines.isBlank()) {
            return;
        }
        try {
            parser.parse(lines.array(), lines.lineStart(), lines.lineEnd(), record);
        } catch (JsonSyntaxException e) {
            int column = e.position() - lines.lineStart() + 1;
            refuse(Problem.of(
                    e.isMalformed() ? ProblemKind.BAD_BODY : ProblemKind.INVALID_FIELD,
                    (e.isMalformed() ? "not JSON at byte " : "at byte ") + column + " of line " + line + ": "
                            + e.getMessage()));
            return;
        }
        send();
    }

    private void send() {
        if (record.partition() < 0) {
            record.partition(partition);
        }
        TraceHeaders traced = trace;
        if (traced != null) {
            traced.addTo(record);
        }
        int to = batcher.place(topic, record);
        if (to < 0) {
            directory.refresh(topic);
            refuse(ProduceBatcher.noSuchPartition(topic, record.partition()));
            return;
        }
        int tag;
        synchronized (this) {
            tag = answers.add(line);
        }
        if (!batcher.append(topic, to, acks, record, this, tag)) {
            synchronized (this) {
                answers.failed(tag, ProduceBatcher.full());
            }
        }
    }

    private synchronized void refuse(Problem problem) {
        int tag = answers.add(line);
        answers.failed(tag, problem.withOutcome(Outcome.NOT_WRITTEN));
    }

    private void endInput() {
        synchronized (this) {
            inputDone = true;
        }
        flush();
    }

    @Override
    public synchronized void written(int tag, int writtenTo, long offset, long timestamp) {
        answers.written(tag, writtenTo, offset);
    }

    @Override
    public synchronized void failed(int tag, Problem problem) {
        answers.failed(tag, problem);
    }

    @Override
    public void settled() {
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
        answers.drainTo(out);
        boolean end = inputDone && answers.pending() == 0;
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
            to.fail(empty());
        }
    }

    private void answerWhole() {
        if (out.length() == 0) {
            exchange.fail(empty());
        } else {
            exchange.answer(200, MediaTypes.NDJSON, out);
        }
    }

    private static Problem empty() {
        return Problem.of(ProblemKind.BAD_BODY, "the body has no records; send one JSON envelope per line");
    }
}
