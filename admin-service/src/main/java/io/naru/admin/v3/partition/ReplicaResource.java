package io.naru.admin.v3.partition;

import io.naru.admin.v3.CurrentCluster;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.Page;
import io.naru.admin.v3.PageRequest;
import io.naru.admin.v3.V3Exception;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Replicas of a partition, and those on a broker. */
@RestController
@RequestMapping(path = "/v3/clusters/{cluster_id}", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Replica", description = "Replicas of partitions.")
class ReplicaResource {

    private static final String REPLICAS = "/topics/{topic_name}/partitions/{partition_id}/replicas";
    private static final String IN_SYNC = "Only those that are in sync, or only the others.";

    private final CurrentCluster current;

    ReplicaResource(CurrentCluster current) {
        this.current = current;
    }

    @GetMapping(REPLICAS)
    @Operation(operationId = "listKafkaReplicas", summary = "List a partition's replicas")
    ReplicaDataList list(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @PathVariable("partition_id") int partitionId,
            @Parameter(description = IN_SYNC) @RequestParam(name = "in_sync", required = false) @Nullable
                    Boolean inSync,
            PageRequest page,
            HttpServletRequest request) {
        PartitionImage partition = current.partition(clusterId, topicName, partitionId);
        ReplicaData.Place place = place(clusterId, topicName, partitionId, request);
        Page<Integer> found = page.of(
                partition.replicas().stream()
                        .filter(id -> inSync == null || partition.isr().contains(id) == inSync)
                        .toList(),
                PageRequest::ordered);
        return new ReplicaDataList(
                "KafkaReplicaList",
                found.metadata(place.replicas()),
                found.map(id -> ReplicaData.of(topicName, partition, id, place)));
    }

    @GetMapping(REPLICAS + "/{broker_id}")
    @Operation(operationId = "getKafkaReplica", summary = "Get a replica of a partition")
    ReplicaData get(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @PathVariable("partition_id") int partitionId,
            @PathVariable("broker_id") int brokerId,
            HttpServletRequest request) {
        PartitionImage partition = current.partition(clusterId, topicName, partitionId);
        if (!partition.replicas().contains(brokerId)) {
            throw V3Exception.notFound("Partition " + partitionId + " of topic '" + topicName
                    + "' has no replica on broker " + brokerId + ".");
        }
        return ReplicaData.of(topicName, partition, brokerId, place(clusterId, topicName, partitionId, request));
    }

    private record OnBroker(String topic, PartitionImage partition) {
        String key() {
            return topic + "/" + PageRequest.ordered(partition.partition());
        }
    }

    @GetMapping("/brokers/{broker_id}/partition-replicas")
    @Operation(operationId = "listKafkaBrokerReplicas", summary = "List the replicas on a broker")
    ReplicaDataList onBroker(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("broker_id") int brokerId,
            @Parameter(description = IN_SYNC) @RequestParam(name = "in_sync", required = false) @Nullable
                    Boolean inSync,
            @Parameter(description = "Only those that lead, or only the others.")
                    @RequestParam(name = "leader", required = false)
                    @Nullable
                    Boolean leader,
            @Parameter(description = "Only those of this topic.")
                    @RequestParam(name = "topic_name", required = false)
                    @Nullable
                    String topicName,
            PageRequest page,
            HttpServletRequest request) {
        current.node(clusterId, brokerId);
        List<OnBroker> replicas = new ArrayList<>();
        for (TopicImage topic : current.image(clusterId).topics().values()) {
            if (topicName == null || topicName.equals(topic.name())) {
                topic.partitions().stream()
                        .filter(partition -> partition.replicas().contains(brokerId))
                        .filter(partition -> inSync == null || partition.isr().contains(brokerId) == inSync)
                        .filter(partition -> leader == null || (partition.leader() == brokerId) == leader)
                        .forEach(partition -> replicas.add(new OnBroker(topic.name(), partition)));
            }
        }
        Page<OnBroker> found = page.of(replicas, OnBroker::key);
        Location self = Location.cluster(request, clusterId)
                .collection("brokers")
                .child("broker", brokerId)
                .collection("partition-replicas");
        return new ReplicaDataList(
                "KafkaReplicaList",
                found.metadata(self),
                found.map(replica -> ReplicaData.of(
                        replica.topic,
                        replica.partition,
                        brokerId,
                        place(clusterId, replica.topic, replica.partition.partition(), request))));
    }

    private static ReplicaData.Place place(
            String clusterId, String topicName, int partitionId, HttpServletRequest request) {
        Location cluster = Location.cluster(request, clusterId);
        return new ReplicaData.Place(
                clusterId,
                cluster,
                Partitions.of(cluster, topicName)
                        .child("partition", partitionId)
                        .collection("replicas"));
    }
}
