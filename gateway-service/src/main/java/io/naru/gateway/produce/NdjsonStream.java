package io.naru.gateway.produce;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.format.JsonSyntaxException;
import io.naru.gateway.http.Dialect;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.MediaTypes;
import io.naru.gateway.http.Outcome;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import org.jspecify.annotations.Nullable;

/** One request of envelopes, one on each line. */
final class NdjsonStream extends RecordStream {

    private final TopicState topic;
    private final Acks acks;
    private final int partition;
    private final WriteServices services;
    private final EnvelopeParser parser;
    private final RecordInput record = new RecordInput();
    private final OrderedAnswers answers = new OrderedAnswers();
    private final @Nullable TraceHeaders trace;
    private LineBuffer lines;
    private long line;

    NdjsonStream(Exchange exchange, TopicState topic, Acks acks, int partition, WriteServices services) {
        this(exchange, topic, acks, partition, services, new LineBuffer(lineMax(services)));
    }

    private NdjsonStream(
            Exchange exchange, TopicState topic, Acks acks, int partition, WriteServices services, LineBuffer lines) {
        super(exchange, services, lines, MediaTypes.NDJSON);
        this.topic = topic;
        this.acks = acks;
        this.partition = partition;
        this.services = services;
        this.lines = lines;
        this.parser = new EnvelopeParser(services.limits().jsonDepth());
        this.trace = services.manners().trace(exchange.request());
    }

    private static int lineMax(WriteServices services) {
        return (int) services.limits().lineSize().toBytes();
    }

    /** The body is all there. */
    void whole(byte[] bytes, int length) {
        lines = new LineBuffer(bytes, length, lineMax(services));
        whole(lines);
    }

    @Override
    protected void take() {
        line++;
        if (lines.wasTooLong()) {
            refuseLine(Problem.of(
                    ProblemKind.RECORD_TOO_LARGE,
                    "the line is longer than " + lineMax(services) + " bytes (naru.gateway.limits.line-size)"));
            return;
        }
        if (lines.isBlank()) {
            return;
        }
        try {
            parser.parse(lines.array(), lines.lineStart(), lines.lineEnd(), record);
        } catch (JsonSyntaxException e) {
            int column = e.position() - lines.lineStart() + 1;
            refuseLine(Problem.of(
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
        int to = services.batcher().place(topic, record);
        if (to < 0) {
            services.directory().refresh(topic);
            refuseLine(ProduceBatcher.noSuchPartition(topic, record.partition()));
            return;
        }
        int tag;
        synchronized (this) {
            tag = answers.add(line);
        }
        if (!services.batcher().append(topic, to, acks, record, this, tag)) {
            synchronized (this) {
                answers.failed(tag, ProduceBatcher.full());
            }
        }
    }

    private synchronized void refuseLine(Problem problem) {
        answers.failed(answers.add(line), problem.withOutcome(Outcome.NOT_WRITTEN));
    }

    @Override
    protected void refuse(Problem problem) {
        line++;
        refuseLine(problem);
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
    protected int pending() {
        return answers.pending();
    }

    @Override
    protected void drainTo(JsonOut to) {
        answers.drainTo(to);
    }

    @Override
    protected EmptyAnswer empty() {
        Problem problem = Problem.of(ProblemKind.BAD_BODY, "the body has no records; send one JSON envelope per line")
                .withOutcome(Outcome.NOT_WRITTEN);
        JsonOut body = new JsonOut(256);
        problem.write(body, 0);
        return new EmptyAnswer(problem.kind().status(), Dialect.NATIVE.contentType(), body.put('\n'));
    }
}
