package io.naru.admin.v3.partition;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.Related;
import io.naru.admin.v3.ResourceMetadata;
import io.naru.cluster.PartitionImage;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A partition of a topic. */
@Schema(name = "Partition", description = "A partition of a topic.")
record PartitionData(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") ResourceMetadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("topic_name") String topicName,
        @JsonProperty("partition_id") int partitionId,

        @Schema(nullable = true, description = "The replica that leads, or null while none does.")
        @JsonProperty("leader")
        @Nullable
        Related leader,

        @JsonProperty("replicas") Related replicas,
        @JsonProperty("reassignment") Related reassignment) {

    static PartitionData of(String clusterId, String topic, PartitionImage partition, Location partitions) {
        Location self = partitions.child("partition", partition.partition());
        return new PartitionData(
                "KafkaPartition",
                self.metadata(),
                clusterId,
                topic,
                partition.partition(),
                partition.leader() == PartitionImage.NO_LEADER ? null : self.related("replicas/" + partition.leader()),
                self.related("replicas"),
                self.related("reassignment"));
    }
}
