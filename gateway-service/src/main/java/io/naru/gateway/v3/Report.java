package io.naru.gateway.v3;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.http.Dialect;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of one record, and how that is told:
 *
 * <pre>
 * {"id"?,"error_code":200,"cluster_id","topic_name","partition_id","offset","timestamp","key"?:{"type","size"},"value"?:{"type","size"}}
 * {"id"?,"error_code":422,"message":"…"}
 * </pre>
 *
 * Written by whoever is told first, read afterwards.
 */
final class Report {

    /** What this API says of a payload that breaks its rules; within a stream it is told in words and the number is the status. */
    private static final String PAYLOAD_ERROR = "Error: 42206 : Payload error. ";

    private final @Nullable String id;
    private final long ownTimestamp;
    private final String keyType;
    private final int keySize;
    private final String valueType;
    private final int valueSize;
    private int partition;
    private long offset;
    private long timestamp;
    private @Nullable Problem problem;
    private boolean told;

    /** The report of a record whose time has been decided. */
    Report(ParsedRecord record) {
        id = record.id;
        ownTimestamp = record.timestamp;
        keyType = record.key.type();
        keySize = size(record.key);
        valueType = record.value.type();
        valueSize = size(record.value);
    }

    /** The report of what could not be read. */
    Report(Problem problem) {
        id = null;
        ownTimestamp = 0;
        keyType = "";
        keySize = -1;
        valueType = "";
        valueSize = -1;
        failed(problem);
    }

    private static int size(Side side) {
        byte[] bytes = side.bytes();
        return bytes == null ? -1 : bytes.length;
    }

    /** Only what is told first counts. */
    void written(int to, long at, long when) {
        if (told) {
            return;
        }
        partition = to;
        offset = at;
        timestamp = when;
        told = true;
    }

    /** Only what is told first counts. */
    void failed(Problem why) {
        if (told) {
            return;
        }
        problem = why;
        told = true;
    }

    boolean isTold() {
        return told;
    }

    boolean isFailed() {
        return problem != null;
    }

    void write(JsonOut out, String cluster, String topic) {
        out.put('{');
        if (id != null) {
            out.ascii("\"id\":").string(id).put(',');
        }
        Problem why = problem;
        if (why != null) {
            boolean payload = id == null && why.kind() == ProblemKind.INVALID_FIELD;
            out.ascii("\"error_code\":").number(Dialect.confluentCode(why.kind()));
            out.ascii(",\"message\":")
                    .string(payload ? PAYLOAD_ERROR + why.detail() : why.detail())
                    .put('}');
            return;
        }
        out.ascii("\"error_code\":200,\"cluster_id\":").string(cluster);
        out.ascii(",\"topic_name\":").string(topic);
        out.ascii(",\"partition_id\":").number(partition);
        out.ascii(",\"offset\":");
        if (offset < 0) {
            out.ascii("null");
        } else {
            out.number(offset);
        }
        long time = timestamp >= 0 ? timestamp : ownTimestamp;
        out.ascii(",\"timestamp\":").string(Instant.ofEpochMilli(time).toString());
        side(out, "key", keyType, keySize);
        side(out, "value", valueType, valueSize);
        out.put('}');
    }

    private static void side(JsonOut out, String name, String type, int size) {
        if (size >= 0) {
            out.ascii(",\"").ascii(name).ascii("\":{\"type\":").string(type);
            out.ascii(",\"size\":").number(size).put('}');
        }
    }
}
