package io.naru.gateway.v3;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.http.Dialect;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.Problem;
import io.naru.gateway.produce.RecordOutcome;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What became of the records of one request; whoever is told last answers. Tags are places in the request. A slot is written by one
 * thread before it counts down, and read after all have.
 */
final class Reports implements RecordOutcome {

    private static final int REPORT_BYTES = 256;

    private final Exchange exchange;
    private final String cluster;
    private final String topic;
    private final List<@Nullable ParsedRecord> records;
    private final boolean batch;
    private final int[] partitions;
    private final long[] offsets;
    private final long[] timestamps;
    private final AtomicReferenceArray<@Nullable Problem> problems;
    private final AtomicInteger open;

    /**
     * Reports for a suspended exchange.
     *
     * @param records in the order of the request; null for one that could not be read
     */
    Reports(Exchange exchange, String cluster, String topic, List<@Nullable ParsedRecord> records, boolean batch) {
        this.exchange = exchange;
        this.cluster = cluster;
        this.topic = topic;
        this.records = records;
        this.batch = batch;
        int count = records.size();
        partitions = new int[count];
        offsets = new long[count];
        timestamps = new long[count];
        problems = new AtomicReferenceArray<>(count);
        open = new AtomicInteger(count);
    }

    @Override
    public void written(int tag, int partition, long offset, long timestamp) {
        partitions[tag] = partition;
        offsets[tag] = offset;
        timestamps[tag] = timestamp;
        told();
    }

    @Override
    public void failed(int tag, Problem problem) {
        problems.set(tag, problem);
        told();
    }

    private void told() {
        if (open.decrementAndGet() == 0) {
            JsonOut out = new JsonOut(REPORT_BYTES * (1 + records.size()));
            if (batch) {
                batch(out);
            } else {
                for (int i = 0; i < records.size(); i++) {
                    report(out, i, null);
                    out.put('\n');
                }
            }
            exchange.answer(batch ? 207 : 200, "application/json", out);
        }
    }

    private void batch(JsonOut out) {
        out.ascii("{\"successes\":[");
        some(out, true);
        out.ascii("],\"failures\":[");
        some(out, false);
        out.ascii("]}\n");
    }

    private void some(JsonOut out, boolean succeeded) {
        boolean first = true;
        for (int i = 0; i < records.size(); i++) {
            ParsedRecord record = records.get(i);
            if ((problems.get(i) == null) == succeeded && record != null) {
                out.ascii(first ? "" : ",");
                first = false;
                report(out, i, record.id);
            }
        }
    }

    private void report(JsonOut out, int i, @Nullable String id) {
        out.put('{');
        if (id != null) {
            out.ascii("\"id\":").string(id).put(',');
        }
        Problem problem = problems.get(i);
        ParsedRecord record = records.get(i);
        if (problem != null || record == null) {
            out.ascii("\"error_code\":").number(problem == null ? 500 : Dialect.confluentCode(problem.kind()));
            out.ascii(",\"message\":")
                    .string(problem == null ? "" : problem.detail())
                    .put('}');
            return;
        }
        out.ascii("\"error_code\":200,\"cluster_id\":").string(cluster);
        out.ascii(",\"topic_name\":").string(topic);
        out.ascii(",\"partition_id\":").number(partitions[i]);
        out.ascii(",\"offset\":");
        if (offsets[i] < 0) {
            out.ascii("null");
        } else {
            out.number(offsets[i]);
        }
        long time = timestamps[i] >= 0 ? timestamps[i] : record.timestamp;
        out.ascii(",\"timestamp\":").string(Instant.ofEpochMilli(time).toString());
        side(out, "key", record.key);
        side(out, "value", record.value);
        out.put('}');
    }

    private static void side(JsonOut out, String name, Side side) {
        byte[] bytes = side.bytes();
        if (bytes != null) {
            out.ascii(",\"").ascii(name).ascii("\":{\"type\":").string(side.type());
            out.ascii(",\"size\":").number(bytes.length).put('}');
        }
    }
}
