package io.naru.admin.v3.group;

import io.naru.admin.v3.CurrentCluster;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.Page;
import io.naru.admin.v3.PageRequest;
import io.naru.admin.v3.V3Exception;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code …/consumer-groups/{consumer_group_id}/lags}: how far groups are behind. */
@RestController
@RequestMapping(
        path = "/v3/clusters/{cluster_id}/consumer-groups/{consumer_group_id}",
        produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Consumer group")
class LagResource {

    private final CurrentCluster current;
    private final GroupReader groups;

    LagResource(CurrentCluster current, GroupReader groups) {
        this.current = current;
        this.groups = groups;
    }

    @GetMapping("/lag-summary")
    @Operation(operationId = "getKafkaConsumerGroupLagSummary", summary = "Get how far a group is behind")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = LagSummaryData.class)))
    CompletableFuture<LagSummaryData> summary(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("consumer_group_id") String groupId,
            HttpServletRequest request) {
        Location cluster = Location.cluster(request, clusterId);
        return groups.lags(current.image(clusterId), groupId)
                .thenApply(lags -> LagSummaryData.of(clusterId, groupId, lags, cluster));
    }

    @GetMapping("/lags")
    @Operation(
            operationId = "listKafkaConsumerLags",
            summary = "List how far a group is behind in each partition",
            description = "Partitions that the group has committed an offset for, and that have a leader.")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = LagDataList.class)))
    CompletableFuture<LagDataList> list(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("consumer_group_id") String groupId,
            @Parameter(description = "Only those of this topic.")
                    @RequestParam(name = "topic_name", required = false)
                    @Nullable
                    String topicName,
            @Parameter(description = "Only where it is behind by as many records at least.")
                    @RequestParam(name = "min_lag", defaultValue = "0")
                    long minLag,
            PageRequest page,
            HttpServletRequest request) {
        Location cluster = Location.cluster(request, clusterId);
        return groups.lags(current.image(clusterId), groupId).thenApply(lags -> {
            Page<PartitionLag> found = page.of(
                    lags.stream()
                            .filter(lag -> topicName == null
                                    || topicName.equals(lag.partition().topic()))
                            .filter(lag -> lag.lag() >= minLag)
                            .toList(),
                    PartitionLag::key);
            return new LagDataList(
                    "KafkaConsumerLagList",
                    found.metadata(Groups.group(cluster, groupId).collection("lags")),
                    found.map(lag -> LagData.of(clusterId, groupId, lag, cluster)));
        });
    }

    @GetMapping("/lags/{topic_name}/partitions/{partition_id}")
    @Operation(operationId = "getKafkaConsumerLag", summary = "Get how far a group is behind in a partition")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = LagData.class)))
    CompletableFuture<LagData> get(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("consumer_group_id") String groupId,
            @PathVariable("topic_name") String topicName,
            @PathVariable("partition_id") int partitionId,
            HttpServletRequest request) {
        Location cluster = Location.cluster(request, clusterId);
        TopicPartition partition = new TopicPartition(topicName, partitionId);
        return groups.lags(current.image(clusterId), groupId)
                .thenApply(lags -> lags.stream()
                        .filter(lag -> lag.partition().equals(partition))
                        .findFirst()
                        .map(lag -> LagData.of(clusterId, groupId, lag, cluster))
                        .orElseThrow(() -> V3Exception.notFound(
                                "Group '" + groupId + "' has committed no offset for " + partition + ".")));
    }
}
