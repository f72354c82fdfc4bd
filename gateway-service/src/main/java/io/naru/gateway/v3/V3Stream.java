package io.naru.gateway.v3;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.format.JsonScanner;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.MediaTypes;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.produce.Acks;
import io.naru.gateway.produce.ProduceBatcher;
import io.naru.gateway.produce.RecordInput;
import io.naru.gateway.produce.RecordStream;
import io.naru.gateway.produce.TopicState;
import io.naru.gateway.produce.TraceHeaders;
import io.naru.gateway.produce.WriteManners;
import io.naru.gateway.produce.WriteServices;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Records one after the other in a body, and a report for each while the body is still open. What is no JSON, or too large, ends the
 * stream there; what is JSON and no record is reported and passed over. A stream older than {@code naru.gateway.limits.stream-time} is told so
 * with each further record, and ends with one that comes half a second later. With {@code ?timeout=} each record that is not acknowledged in
 * that time is told as such, in its turn.
 */
final class V3Stream extends RecordStream {

    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final TopicState topic;
    private final String cluster;
    private final Acks acks;
    private final WriteServices services;
    private final @Nullable TraceHeaders trace;
    private final JsonScanner scanner;
    private final RecordInput input = new RecordInput();
    private final ReportQueue reports = new ReportQueue();
    private final long begunNanos = System.nanoTime();
    private final long recordTimeMs;
    private JsonCutter cutter;

    V3Stream(Exchange exchange, TopicState topic, String cluster, Acks acks, WriteServices services) {
        this(exchange, topic, cluster, acks, services, new JsonCutter(valueMax(services)));
    }

    private V3Stream(
            Exchange exchange, TopicState topic, String cluster, Acks acks, WriteServices services, JsonCutter cutter) {
        super(exchange, services, cutter, MediaTypes.JSON);
        this.topic = topic;
        this.cluster = cluster;
        this.acks = acks;
        this.services = services;
        this.cutter = cutter;
        this.recordTimeMs = services.manners().recordTimeMs(exchange);
        this.trace = services.manners().trace(exchange.request());
        this.scanner = new JsonScanner(services.limits().jsonDepth());
    }

    private static int valueMax(WriteServices services) {
        return (int) services.limits().lineSize().toBytes();
    }

    /** The body is all there. */
    void whole(byte[] bytes, int length) {
        cutter = new JsonCutter(bytes, length, valueMax(services));
        whole(cutter);
    }

    @Override
    protected void take() {
        long overNanos =
                System.nanoTime() - begunNanos - services.limits().streamTime().toNanos();
        if (overNanos > 0) {
            report(Problem.of(
                    ProblemKind.TOO_SLOW,
                    "Streaming connection open for longer than allowed: Connection will be closed."));
            if (overNanos > GRACE_NANOS) {
                endInput();
            }
        } else if (cutter.isTooLong()) {
            report(Problem.of(
                    ProblemKind.RECORD_TOO_LARGE,
                    "the record is longer than " + valueMax(services)
                            + " bytes (naru.gateway.limits.line-size); nothing from here on was read"));
            endInput();
        } else {
            takeValue();
        }
    }

    private void takeValue() {
        byte[] bytes = cutter.array();
        int end = scanner.value(bytes, cutter.valueStart(), cutter.valueEnd());
        if (end != cutter.valueEnd()) {
            report(Problem.of(
                    ProblemKind.BAD_BODY,
                    "Bad Request: not JSON"
                            + (end < 0
                                    ? " at byte " + (scanner.failedAt() - cutter.valueStart() + 1) + " of the record: "
                                            + scanner.reason()
                                    : "")
                            + "; nothing from here on was read"));
            endInput();
            return;
        }
        try {
            send(ParsedRecord.parse(
                    bytes, cutter.valueStart(), end, services.limits().jsonDepth(), false, ""));
        } catch (ProblemException wrong) {
            report(wrong.problem());
        }
    }

    private void send(ParsedRecord record) {
        record.read(input, System.currentTimeMillis());
        TraceHeaders traced = trace;
        if (traced != null) {
            traced.addTo(input);
        }
        int to = services.batcher().place(topic, input);
        if (to < 0) {
            services.directory().refresh(topic);
            report(ProduceBatcher.noSuchPartition(topic, input.partition()));
            return;
        }
        Report report = new Report(record);
        int tag;
        synchronized (this) {
            tag = reports.add(report);
        }
        if (!services.batcher().append(topic, to, acks, input, this, tag)) {
            synchronized (this) {
                report.failed(ProduceBatcher.full());
            }
        } else if (recordTimeMs > 0) {
            services.manners().after(recordTimeMs, () -> late(report));
        }
    }

    private void late(Report report) {
        synchronized (this) {
            report.failed(WriteManners.late(recordTimeMs));
        }
        settled();
    }

    private synchronized void report(Problem problem) {
        reports.add(new Report(problem));
    }

    @Override
    protected void refuse(Problem problem) {
        reports.add(new Report(problem));
    }

    @Override
    public synchronized void written(int tag, int partition, long offset, long timestamp) {
        Report report = reports.pending(tag);
        if (report != null) {
            report.written(partition, offset, timestamp);
        }
    }

    @Override
    public synchronized void failed(int tag, Problem problem) {
        Report report = reports.pending(tag);
        if (report != null) {
            report.failed(problem);
        }
    }

    @Override
    protected int pending() {
        return reports.size();
    }

    @Override
    protected void drainTo(JsonOut to) {
        for (Report report = reports.poll(); report != null; report = reports.poll()) {
            report.write(to, cluster, topic.name());
            to.put('\n');
        }
    }

    @Override
    protected EmptyAnswer empty() {
        return new EmptyAnswer(422, MediaTypes.JSON, RecordsRoute.emptyBody());
    }
}
