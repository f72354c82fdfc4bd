package io.naru.gateway.v3;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.Problem;
import io.naru.gateway.produce.RecordOutcome;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What became of the entries of a batch; whoever is told last answers. Tags are places in the batch. A report is written by one thread
 * before it counts down, and read after all have.
 */
final class BatchReports implements RecordOutcome {

    private static final int REPORT_BYTES = 256;

    private final Exchange exchange;
    private final String cluster;
    private final String topic;
    private final List<Report> reports;
    private final AtomicInteger open;

    /** Reports for a suspended exchange. */
    BatchReports(Exchange exchange, String cluster, String topic, List<ParsedRecord> records) {
        this.exchange = exchange;
        this.cluster = cluster;
        this.topic = topic;
        this.reports = records.stream().map(Report::new).toList();
        open = new AtomicInteger(reports.size());
    }

    @Override
    public void written(int tag, int partition, long offset, long timestamp) {
        reports.get(tag).written(partition, offset, timestamp);
        told();
    }

    @Override
    public void failed(int tag, Problem problem) {
        reports.get(tag).failed(problem);
        told();
    }

    private void told() {
        if (open.decrementAndGet() == 0) {
            JsonOut out = new JsonOut(REPORT_BYTES * (1 + reports.size()));
            out.ascii("{\"successes\":[");
            some(out, false);
            out.ascii("],\"failures\":[");
            some(out, true);
            out.ascii("]}\n");
            exchange.answer(207, "application/json", out);
        }
    }

    private void some(JsonOut out, boolean failed) {
        boolean first = true;
        for (Report report : reports) {
            if (report.isFailed() == failed) {
                out.ascii(first ? "" : ",");
                first = false;
                report.write(out, cluster, topic);
            }
        }
    }
}
