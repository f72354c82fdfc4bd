package io.naru.admin.v3.record;

import io.naru.admin.kafka.ClusterAdmin;
import io.naru.admin.v3.Futures;
import io.naru.admin.v3.Outcome;
import io.naru.cluster.ClusterImage;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.DeletedRecords;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Asks the leaders of partitions to delete records (KIP-107), or where their logs would begin if they did. */
@Component
class RecordDeletion {

    private final ClusterAdmin admin;

    RecordDeletion(ClusterAdmin admin) {
        this.admin = admin;
    }

    /**
     * What became of a partition.
     *
     * @param earliest where its log begins now, or null when it failed
     */
    record Deleted(@Nullable Long earliest, Outcome outcome) {}

    /** Deletes what is before the offsets, in each partition on its own. */
    CompletableFuture<SortedMap<Integer, Deleted>> delete(
            ClusterImage image, String topic, SortedMap<Integer, Long> before, boolean validateOnly) {
        SortedMap<Integer, CompletableFuture<Deleted>> all = new TreeMap<>();
        before.forEach((id, offset) -> {
            TopicPartition partition = new TopicPartition(topic, id);
            CompletableFuture<Long> earliest =
                    validateOnly ? wouldBegin(image, partition, offset) : delete(image, partition, offset);
            all.put(id, earliest.handle(RecordDeletion::deleted));
        });
        return Futures.all(all).thenApply(TreeMap::new);
    }

    private CompletableFuture<Long> delete(ClusterImage image, TopicPartition partition, long before) {
        return admin.ask(
                        image,
                        client -> client.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(before)))
                                .lowWatermarks()
                                .get(partition))
                .thenApply(DeletedRecords::lowWatermark);
    }

    private CompletableFuture<Long> wouldBegin(ClusterImage image, TopicPartition partition, long before) {
        return offset(image, partition, OffsetSpec.earliest())
                .thenCombine(offset(image, partition, OffsetSpec.latest()), (earliest, latest) -> {
                    if (before > latest) {
                        throw Errors.OFFSET_OUT_OF_RANGE.exception(
                                "Offset " + before + " is beyond the end of the partition, " + latest + ".");
                    }
                    return before == DeleteRecordsRequest.ALL ? latest : Math.max(earliest, before);
                });
    }

    private CompletableFuture<Long> offset(ClusterImage image, TopicPartition partition, OffsetSpec spec) {
        return admin.ask(
                        image,
                        client -> client.listOffsets(Map.of(partition, spec)).partitionResult(partition))
                .thenApply(ListOffsetsResultInfo::offset);
    }

    private static Deleted deleted(@Nullable Long earliest, @Nullable Throwable failure) {
        return failure == null
                ? new Deleted(earliest, Outcome.of(Errors.NONE, null))
                : new Deleted(null, Outcome.of(Futures.cause(failure)));
    }
}
