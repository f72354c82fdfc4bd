package io.naru.admin.v3.reassignment;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.Related;
import io.naru.admin.v3.ResourceMetadata;
import io.naru.cluster.PartitionImage;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** A partition that moves. */
@Schema(name = "Reassignment", description = "A partition that moves from brokers to brokers.")
record ReassignmentData(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") ResourceMetadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("topic_name") String topicName,
        @JsonProperty("partition_id") int partitionId,

        @Schema(description = "Brokers that get a replica.") @JsonProperty("adding_replicas")
        List<Integer> addingReplicas,

        @Schema(description = "Brokers that lose theirs once those have caught up.") @JsonProperty("removing_replicas")
        List<Integer> removingReplicas,

        @JsonProperty("replicas") Related replicas) {

    static ReassignmentData of(String clusterId, String topic, PartitionImage partition, Location cluster) {
        Location place = cluster.collection("topics")
                .child("topic", topic)
                .collection("partitions")
                .child("partition", partition.partition());
        return new ReassignmentData(
                "KafkaReassignment",
                place.view("reassignment").metadata(),
                clusterId,
                topic,
                partition.partition(),
                partition.adding(),
                partition.removing(),
                place.related("replicas"));
    }
}
