package io.naru.admin.v3.record;

import io.naru.admin.Actors;
import io.naru.admin.v3.CollectionMetadata;
import io.naru.admin.v3.CurrentCluster;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.Outcome;
import io.naru.admin.v3.V3Exception;
import io.naru.admin.v3.history.OutsideChanges;
import io.naru.admin.v3.record.RecordDeletion.Deleted;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.control.Actor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code …/topics/{topic_name}/records}: deletes records, up to an offset or all. */
@RestController
@RequestMapping(
        path = "/v3/clusters/{cluster_id}/topics/{topic_name}",
        consumes = MediaType.APPLICATION_JSON_VALUE,
        produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Records", description = "Deletes records.")
class RecordsResource {

    private final CurrentCluster current;
    private final RecordDeletion deletion;
    private final OutsideChanges history;

    RecordsResource(CurrentCluster current, RecordDeletion deletion, OutsideChanges history) {
        this.current = current;
        this.deletion = deletion;
        this.history = history;
    }

    @PostMapping("/records:delete")
    @Operation(
            operationId = "deleteKafkaRecords",
            summary = "Delete records up to an offset",
            description = "In each partition on its own. Not in topics that are only compacted.")
    @ApiResponse(
            responseCode = "200",
            description = "All deleted.",
            content = @Content(schema = @Schema(implementation = DeletedRecordsDataList.class)))
    @ApiResponse(
            responseCode = "207",
            description = "Deleted in some partitions; the others have an error_code.",
            content = @Content(schema = @Schema(implementation = DeletedRecordsDataList.class)))
    CompletableFuture<ResponseEntity<DeletedRecordsDataList>> delete(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @RequestBody DeleteRecordsRequest body,
            HttpServletRequest request) {
        SortedMap<Integer, Long> before = body.byPartition();
        before.keySet().forEach(id -> current.partition(clusterId, topicName, id));
        return delete(clusterId, topicName, before, body.isValidateOnly(), request);
    }

    @PostMapping("/records:purge")
    @Operation(
            operationId = "purgeKafkaTopic",
            summary = "Delete all records of a topic",
            description = "Those that are there when it is called. The topic, its configs and its offsets go on.")
    @ApiResponse(
            responseCode = "200",
            description = "All deleted.",
            content = @Content(schema = @Schema(implementation = DeletedRecordsDataList.class)))
    @ApiResponse(
            responseCode = "207",
            description = "Deleted in some partitions; the others have an error_code.",
            content = @Content(schema = @Schema(implementation = DeletedRecordsDataList.class)))
    CompletableFuture<ResponseEntity<DeletedRecordsDataList>> purge(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @RequestBody(required = false) @Nullable PurgeRequest body,
            HttpServletRequest request) {
        SortedMap<Integer, Long> before = new TreeMap<>();
        for (PartitionImage partition : current.topic(clusterId, topicName).partitions()) {
            before.put(partition.partition(), DeleteRecordsRequest.ALL);
        }
        boolean validateOnly = body != null && Boolean.TRUE.equals(body.validateOnly());
        return delete(clusterId, topicName, before, validateOnly, request);
    }

    private CompletableFuture<ResponseEntity<DeletedRecordsDataList>> delete(
            String clusterId,
            String topicName,
            SortedMap<Integer, Long> before,
            boolean validateOnly,
            HttpServletRequest request) {
        TopicImage topic = current.topic(clusterId, topicName);
        if (topic.internal()) {
            throw V3Exception.of(
                    Errors.TOPIC_AUTHORIZATION_FAILED, "Topic '" + topicName + "' is Naru's own; its records stay.");
        }
        Location place =
                Location.cluster(request, clusterId).collection("topics").child("topic", topicName);
        Actor actor = Actors.ofUser(request);
        return deletion.delete(current.image(clusterId), topicName, before, validateOnly)
                .thenCompose(results -> RecordDeletion.note(actor, topicName, results)
                        .map(note -> history.noted(note, results))
                        .orElseGet(() -> CompletableFuture.completedFuture(results)))
                .thenApply(results -> {
                    List<DeletedRecordsData> data = results.entrySet().stream()
                            .map(entry -> data(clusterId, topicName, entry.getKey(), entry.getValue(), place))
                            .toList();
                    boolean all = data.stream().allMatch(one -> one.errorCode() == Outcome.DONE);
                    return ResponseEntity.status(all ? HttpStatus.OK : HttpStatus.MULTI_STATUS)
                            .body(new DeletedRecordsDataList(
                                    "KafkaDeletedRecordsList",
                                    new CollectionMetadata(place.url() + "/partitions", null),
                                    data));
                });
    }

    private static DeletedRecordsData data(
            String clusterId, String topicName, int partition, Deleted deleted, Location topic) {
        return new DeletedRecordsData(
                "KafkaDeletedRecords",
                topic.collection("partitions").child("partition", partition).metadata(),
                clusterId,
                topicName,
                partition,
                deleted.earliest(),
                deleted.outcome().errorCode(),
                deleted.outcome().message());
    }
}
