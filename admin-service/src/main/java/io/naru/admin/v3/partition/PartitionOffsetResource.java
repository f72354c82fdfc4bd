package io.naru.admin.v3.partition;

import io.naru.admin.kafka.ClusterAdmin;
import io.naru.admin.v3.CurrentCluster;
import io.naru.admin.v3.V3Exception;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code …/partitions/{partition_id}/offset}: asked of the partition's leader. */
@RestController
@Tag(name = "Partition")
class PartitionOffsetResource {

    private static final String BOTH = "earliest_and_latest";

    private final CurrentCluster current;
    private final ClusterAdmin admin;

    PartitionOffsetResource(CurrentCluster current, ClusterAdmin admin) {
        this.current = current;
        this.admin = admin;
    }

    @GetMapping(
            path = "/v3/clusters/{cluster_id}/topics/{topic_name}/partitions/{partition_id}/offset",
            produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "getKafkaPartitionOffset", summary = "Get a partition's first and next offset")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = PartitionOffsetData.class)))
    CompletableFuture<PartitionOffsetData> get(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @PathVariable("partition_id") int partitionId,
            @Parameter(
                            description = "Which offsets; there is only one choice.",
                            schema = @Schema(type = "string", allowableValues = BOTH))
                    @RequestParam(name = "offset_type", defaultValue = BOTH)
                    String offsetType,
            HttpServletRequest request) {
        PartitionImage partition = current.partition(clusterId, topicName, partitionId);
        if (!BOTH.equals(offsetType)) {
            throw V3Exception.badRequest("offset_type '" + offsetType + "' is not " + BOTH + ".");
        }
        ClusterImage image = current.image(clusterId);
        TopicPartition name = new TopicPartition(topicName, partitionId);
        PartitionData data =
                PartitionData.of(clusterId, topicName, partition, Partitions.of(clusterId, topicName, request));
        return offset(image, name, OffsetSpec.earliest())
                .thenCombine(
                        offset(image, name, OffsetSpec.latest()),
                        (earliest, latest) -> PartitionOffsetData.of(data, earliest, latest));
    }

    private CompletableFuture<Long> offset(ClusterImage image, TopicPartition partition, OffsetSpec spec) {
        return admin.ask(
                        image,
                        client -> client.listOffsets(Map.of(partition, spec)).partitionResult(partition))
                .thenApply(ListOffsetsResultInfo::offset);
    }
}
