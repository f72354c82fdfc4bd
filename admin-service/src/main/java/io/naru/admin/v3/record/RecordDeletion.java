package io.naru.admin.v3.record;

import io.naru.admin.controller.Note;
import io.naru.admin.kafka.ClusterAdmin;
import io.naru.admin.v3.Futures;
import io.naru.admin.v3.Outcome;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.control.Actor;
import java.util.Map;
import java.util.Optional;
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
     * @param previous where its log began before; null when it failed, or was only validated
     * @param earliest where its log begins now, or null when it failed
     */
    record Deleted(@Nullable Long previous, @Nullable Long earliest, Outcome outcome) {}

    /** Deletes what is before the offsets, in each partition on its own. */
    CompletableFuture<SortedMap<Integer, Deleted>> delete(
            ClusterImage image, String topic, SortedMap<Integer, Long> before, boolean validateOnly) {
        SortedMap<Integer, CompletableFuture<Deleted>> all = new TreeMap<>();
        before.forEach((id, offset) -> {
            TopicPartition partition = new TopicPartition(topic, id);
            CompletableFuture<Deleted> deleted = validateOnly
                    ? wouldBegin(image, partition, offset).thenApply(earliest -> done(null, earliest))
                    : offset(image, partition, OffsetSpec.earliest())
                            .thenCompose(previous ->
                                    delete(image, partition, offset).thenApply(earliest -> done(previous, earliest)));
            all.put(id, deleted.exceptionally(failure -> new Deleted(null, null, Outcome.of(Futures.cause(failure)))));
        });
        return Futures.all(all).thenApply(TreeMap::new);
    }

    /** What was deleted, as the change history tells it; empty when nothing was. */
    static Optional<Note> note(Actor actor, String topic, SortedMap<Integer, Deleted> results) {
        Map<String, String> before = new TreeMap<>();
        Map<String, String> after = new TreeMap<>();
        results.forEach((id, deleted) -> {
            Long was = deleted.previous;
            Long is = deleted.earliest;
            if (was != null && is != null && !was.equals(is)) {
                before.put("earliest_offset." + id, was.toString());
                after.put("earliest_offset." + id, is.toString());
            }
        });
        return after.isEmpty()
                ? Optional.empty()
                : Optional.of(new Note(actor, Note.Action.DELETE_RECORDS, Note.Kind.TOPIC, topic, before, after));
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

    private static Deleted done(@Nullable Long previous, Long earliest) {
        return new Deleted(previous, earliest, Outcome.of(Errors.NONE, null));
    }
}
