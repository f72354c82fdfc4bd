package io.naru.gateway.read;

import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** The answer to an offset that the log does not have: 410 with the earliest one, or 416 with the end. */
final class OutOfRange {

    private OutOfRange() {}

    static void answer(
            Exchange exchange, PartitionReads reads, TopicPartition partition, long offset, Isolation isolation) {
        reads.offsets(Map.of(partition, PartitionReads.EARLIEST), isolation).whenComplete((earliest, error) -> {
            if (error != null) {
                exchange.fail(error);
            } else if (offset < earliest.getOrDefault(partition, 0L)) {
                exchange.fail(gone(partition, offset, earliest.getOrDefault(partition, 0L)));
            } else {
                beyond(exchange, reads, partition, offset, isolation);
            }
        });
    }

    private static void beyond(
            Exchange exchange, PartitionReads reads, TopicPartition partition, long offset, Isolation isolation) {
        reads.offsets(Map.of(partition, PartitionReads.LATEST), isolation).whenComplete((latest, error) -> {
            if (error != null) {
                exchange.fail(error);
            } else {
                exchange.fail(Problem.of(
                                ProblemKind.OFFSET_BEYOND_END,
                                "offset " + offset + " is beyond the end of " + partition + ", which is "
                                        + latest.getOrDefault(partition, 0L)
                                        + "; read from there, with wait= to wait for the next record")
                        .with("end_offset", latest.getOrDefault(partition, 0L)));
            }
        });
    }

    /** What to say of records that retention has deleted. */
    static Problem gone(TopicPartition partition, long offset, long earliest) {
        return Problem.of(
                        ProblemKind.OFFSET_GONE,
                        "offset " + offset + " of " + partition + " has been deleted; the earliest there is is "
                                + earliest)
                .with("earliest_offset", earliest);
    }
}
