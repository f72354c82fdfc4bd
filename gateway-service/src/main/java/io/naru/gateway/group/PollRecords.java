package io.naru.gateway.group;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.format.RecordCursor;
import io.naru.gateway.read.Fetched;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The records of one answer as JSON, cut off exactly at the limits; one record always, however large. For one thread. */
final class PollRecords {

    private static final int FIRST_BYTES = 4_096;

    private final int maxRecords;
    private final int maxBytes;
    private final @Nullable Map<TopicPartition, Long> until;
    private final RecordShape shape;
    private final JsonOut out = new JsonOut(FIRST_BYTES);
    private int count;
    private long bytes;

    /**
     * No records yet.
     *
     * @param until where records end that were given out before and are asked for again; null otherwise
     */
    PollRecords(PollPlan plan, RecordShape shape, @Nullable Map<TopicPartition, Long> until) {
        this.maxRecords = plan.maxRecords();
        this.maxBytes = plan.maxBytes();
        this.until = until;
        this.shape = shape;
        out.ascii(shape.opening());
    }

    int count() {
        return count;
    }

    /** The answer begun: everything up to the last record. */
    JsonOut out() {
        return out;
    }

    /** Adds what fits; returns the offset to go on from. */
    long add(TopicPartition partition, long from, Fetched fetched) {
        long end = until == null ? Long.MAX_VALUE : until.getOrDefault(partition, from);
        if (isFull() || from >= end || !fetched.hasRecords()) {
            return from;
        }
        byte[] prefix = shape.prefix(partition);
        RecordCursor records = fetched.cursor(from);
        long next = from;
        while (!isFull()) {
            if (!records.next()) {
                return Math.min(end, Math.max(next, records.nextOffset()));
            }
            if (records.offset() >= end || (count > 0 && bytes + records.payloadSize() > maxBytes)) {
                return next;
            }
            if (count > 0) {
                out.ascii(shape.separator());
            }
            shape.write(out, prefix, partition, records);
            count++;
            bytes += records.payloadSize();
            next = records.offset() + 1;
        }
        return next;
    }

    private boolean isFull() {
        return count >= maxRecords || (count > 0 && bytes >= maxBytes);
    }
}
