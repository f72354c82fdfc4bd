package io.naru.gateway.v2;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.produce.RecordOutcome;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What became of the records of one request; whoever is told last answers. Tags are the records' places in the request. A slot is written
 * by one thread before it counts down, and read after all have.
 */
final class ProduceAnswer implements RecordOutcome {

    private static final int RECORD_BYTES = 64;
    private static final int AUTHENTICATION = 40101;
    private static final int AUTHORIZATION = 40301;
    private static final int KAFKA_ERROR = 50002;
    private static final int KAFKA_ERROR_RETRIABLE = 50003;

    private final Exchange exchange;
    private final String contentType;
    private final boolean strimzi;
    private final int[] partitions;
    private final long[] offsets;
    private final @Nullable Problem[] problems;
    private final AtomicInteger open;

    /** An answer for a suspended exchange. */
    ProduceAnswer(Exchange exchange, String contentType, boolean strimzi, int count) {
        this.exchange = exchange;
        this.contentType = contentType;
        this.strimzi = strimzi;
        this.partitions = new int[count];
        this.offsets = new long[count];
        this.problems = new Problem[count];
        this.open = new AtomicInteger(count);
    }

    @Override
    public void written(int tag, int partition, long offset, long timestamp) {
        partitions[tag] = partition;
        offsets[tag] = offset;
        told();
    }

    @Override
    public void failed(int tag, Problem problem) {
        problems[tag] = problem;
        told();
    }

    private void told() {
        if (open.decrementAndGet() == 0) {
            answer();
        }
    }

    private void answer() {
        if (strimzi) {
            exchange.answer(200, contentType, strimzi());
            return;
        }
        int status = 200;
        int missing = 0;
        for (Problem problem : problems) {
            if (problem != null) {
                missing += problem.kind() == ProblemKind.NO_SUCH_TOPIC ? 1 : 0;
                if (problem.kind() == ProblemKind.NOT_AUTHENTICATED) {
                    status = 401;
                } else if (problem.kind() == ProblemKind.FORBIDDEN && status == 200) {
                    status = 403;
                }
            }
        }
        Problem first = problems[0];
        if (first != null && missing == problems.length) {
            exchange.fail(first);
            return;
        }
        JsonOut out = new JsonOut(RECORD_BYTES * (partitions.length + 2));
        out.ascii("{\"offsets\":[");
        for (int i = 0; i < partitions.length; i++) {
            out.ascii(i == 0 ? "" : ",");
            Problem problem = problems[i];
            if (problem == null) {
                out.ascii("{\"partition\":").number(partitions[i]);
                out.ascii(",\"offset\":");
                if (offsets[i] < 0) {
                    out.ascii("null");
                } else {
                    out.number(offsets[i]);
                }
                out.ascii(",\"error_code\":null,\"error\":null}");
            } else {
                out.ascii("{\"partition\":null,\"offset\":null,\"error_code\":").number(code(problem));
                out.ascii(",\"error\":").string(problem.detail()).put('}');
            }
        }
        out.ascii("],\"key_schema_id\":null,\"value_schema_id\":null}");
        exchange.answer(status, contentType, out);
    }

    private JsonOut strimzi() {
        JsonOut out = new JsonOut(RECORD_BYTES * (partitions.length + 2));
        out.ascii("{\"offsets\":[");
        for (int i = 0; i < partitions.length; i++) {
            out.ascii(i == 0 ? "" : ",");
            Problem problem = problems[i];
            if (problem == null) {
                out.ascii("{\"partition\":").number(partitions[i]);
                out.ascii(",\"offset\":").number(offsets[i]).put('}');
            } else {
                out.ascii("{\"error_code\":").number(problem.kind().status() == 404 ? 404 : 500);
                out.ascii(",\"message\":").string(problem.detail()).put('}');
            }
        }
        return out.ascii("]}");
    }

    private static int code(Problem problem) {
        return switch (problem.kind()) {
            case NOT_AUTHENTICATED -> AUTHENTICATION;
            case FORBIDDEN -> AUTHORIZATION;
            default -> problem.retryAfterSeconds() > 0 ? KAFKA_ERROR_RETRIABLE : KAFKA_ERROR;
        };
    }
}
