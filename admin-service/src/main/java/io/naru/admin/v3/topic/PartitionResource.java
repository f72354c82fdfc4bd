package io.naru.admin.v3.topic;

import io.naru.admin.v3.CurrentCluster;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.V3Exception;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v3/clusters/{cluster_id}/topics/{topic_name}/partitions}. */
@RestController
@RequestMapping(
        path = "/v3/clusters/{cluster_id}/topics/{topic_name}/partitions",
        produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Partition", description = "Partitions of topics, and their replicas.")
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
            HttpServletRequest request) {
        Location partitions = partitions(clusterId, topicName, request);
        TopicImage topic = current.topic(clusterId, topicName);
        return new PartitionDataList(
                "KafkaPartitionList",
                partitions.listMetadata(),
                topic.partitions().stream()
                        .map(partition -> PartitionData.of(clusterId, topicName, partition, partitions))
                        .toList());
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
                partition(clusterId, topicName, partitionId),
                partitions(clusterId, topicName, request));
    }

    @GetMapping("/{partition_id}/replicas")
    @Operation(operationId = "listKafkaReplicas", summary = "List a partition's replicas")
    ReplicaDataList replicas(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @PathVariable("partition_id") int partitionId,
            HttpServletRequest request) {
        PartitionImage partition = partition(clusterId, topicName, partitionId);
        ReplicaData.Place place = place(clusterId, topicName, partitionId, request);
        return new ReplicaDataList(
                "KafkaReplicaList",
                place.replicas().listMetadata(),
                partition.replicas().stream()
                        .map(id -> ReplicaData.of(topicName, partition, id, place))
                        .toList());
    }

    @GetMapping("/{partition_id}/replicas/{broker_id}")
    @Operation(operationId = "getKafkaReplica", summary = "Get a replica of a partition")
    ReplicaData replica(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @PathVariable("partition_id") int partitionId,
            @PathVariable("broker_id") int brokerId,
            HttpServletRequest request) {
        PartitionImage partition = partition(clusterId, topicName, partitionId);
        if (!partition.replicas().contains(brokerId)) {
            throw V3Exception.notFound("Partition " + partitionId + " of topic '" + topicName
                    + "' has no replica on broker " + brokerId + ".");
        }
        return ReplicaData.of(topicName, partition, brokerId, place(clusterId, topicName, partitionId, request));
    }

    private PartitionImage partition(String clusterId, String topicName, int partitionId) {
        TopicImage topic = current.topic(clusterId, topicName);
        if (partitionId < 0 || partitionId >= topic.partitions().size()) {
            throw V3Exception.unknownPartition(topicName, partitionId);
        }
        return topic.partitions().get(partitionId);
    }

    private static Location partitions(String clusterId, String topicName, HttpServletRequest request) {
        return Location.cluster(request, clusterId)
                .collection("topics")
                .child("topic", topicName)
                .collection("partitions");
    }

    private static ReplicaData.Place place(
            String clusterId, String topicName, int partitionId, HttpServletRequest request) {
        return new ReplicaData.Place(
                clusterId,
                Location.cluster(request, clusterId),
                partitions(clusterId, topicName, request)
                        .child("partition", partitionId)
                        .collection("replicas"));
    }
}
