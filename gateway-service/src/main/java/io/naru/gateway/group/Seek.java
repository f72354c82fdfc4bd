package io.naru.gateway.group;

import io.naru.gateway.read.Isolation;
import io.naru.gateway.read.PartitionReads;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * Where to go on in a partition.
 *
 * @param offset  the next offset, or {@link #BY_TIME}
 * @param timeMs  when by time: the first record of that time or later; {@link PartitionReads#EARLIEST} and {@link PartitionReads#LATEST}
 *                are the log's ends
 */
public record Seek(TopicPartition partition, long offset, long timeMs) {

    /** The offset has to be asked for. */
    public static final long BY_TIME = -1;

    /** To an offset. */
    public static Seek to(TopicPartition partition, long offset) {
        return new Seek(partition, offset, 0);
    }

    /** To the first record of a time or later; to the end if there is none. */
    public static Seek toTime(TopicPartition partition, long timeMs) {
        return new Seek(partition, BY_TIME, timeMs);
    }

    /** The offsets meant. */
    static CompletableFuture<Map<TopicPartition, Long>> resolve(Collection<Seek> seeks, PartitionReads reads) {
        Map<TopicPartition, Long> found = new HashMap<>();
        Map<TopicPartition, Long> times = new HashMap<>();
        for (Seek seek : seeks) {
            if (seek.offset() == BY_TIME) {
                times.put(seek.partition(), seek.timeMs());
            } else {
                found.put(seek.partition(), seek.offset());
            }
        }
        return ask(times, reads).thenCompose(byTime -> {
            Map<TopicPartition, Long> later = new HashMap<>();
            byTime.forEach((partition, offset) -> {
                if (offset >= 0) {
                    found.put(partition, offset);
                } else {
                    later.put(partition, PartitionReads.LATEST);
                }
            });
            return ask(later, reads).thenApply(ends -> {
                found.putAll(ends);
                return found;
            });
        });
    }

    private static CompletableFuture<Map<TopicPartition, Long>> ask(
            Map<TopicPartition, Long> times, PartitionReads reads) {
        return times.isEmpty()
                ? CompletableFuture.completedFuture(Map.of())
                : reads.offsets(times, Isolation.READ_UNCOMMITTED);
    }
}
