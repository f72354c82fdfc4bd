package io.naru.admin.v3.partition;

import io.naru.admin.v3.CurrentCluster;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.Page;
import io.naru.admin.v3.PageRequest;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v3/clusters/{cluster_id}/topics/{topic_name}/partitions}. */
@RestController
@RequestMapping(
        path = "/v3/clusters/{cluster_id}/topics/{topic_name}/partitions",
        produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Partition", description = "Partitions of topics.")
class PartitionResource {

    private final CurrentCluster current;

    PartitionResource(CurrentCluster current) {
        this.current = current;
    }

    @GetMapping
    @Operation(operationId = "listKafkaPartitions", summary = "List a topic's partitions")
    PartitionDataList list(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @Parameter(description = "Only those that this broker leads; -1: those that nobody does.")
                    @RequestParam(name = "leader", required = false)
                    @Nullable
                    Integer leader,
            @Parameter(description = "Only those with replicas that are not in sync, or only the others.")
                    @RequestParam(name = "under_replicated", required = false)
                    @Nullable
                    Boolean underReplicated,
            PageRequest page,
            HttpServletRequest request) {
        Location partitions = Partitions.of(clusterId, topicName, request);
        TopicImage topic = current.topic(clusterId, topicName);
        Page<PartitionImage> found = page.of(
                topic.partitions().stream()
                        .filter(partition -> leader == null || partition.leader() == leader)
                        .filter(partition -> underReplicated == null
                                || underReplicated
                                        == partition.isr().size()
                                                < partition.replicas().size())
                        .toList(),
                partition -> PageRequest.ordered(partition.partition()));
        return new PartitionDataList(
                "KafkaPartitionList",
                found.metadata(partitions),
                found.map(partition -> PartitionData.of(clusterId, topicName, partition, partitions)));
    }

    @GetMapping("/{partition_id}")
    @Operation(operationId = "getKafkaPartition", summary = "Get a partition")
    PartitionData get(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @PathVariable("partition_id") int partitionId,
            HttpServletRequest request) {
        return PartitionData.of(
                clusterId,
                topicName,
                current.partition(clusterId, topicName, partitionId),
                Partitions.of(clusterId, topicName, request));
    }
}
