package io.naru.admin.v3.election;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.Outcome;
import io.naru.admin.v3.Related;
import io.naru.admin.v3.ResourceMetadata;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.control.PartitionResult;
import io.swagger.v3.oas.annotations.media.Schema;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** What became of an election. */
@Schema(name = "LeaderElection", description = "What became of the election for a partition.")
record ElectionData(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") ResourceMetadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("topic_name") String topicName,
        @JsonProperty("partition_id") int partitionId,

        @Schema(nullable = true, description = "The replica that leads now, or null while none does.")
        @JsonProperty("leader")
        @Nullable
        Related leader,

        @Schema(description = "200, or the code of an error.") @JsonProperty("error_code")
        int errorCode,

        @Schema(nullable = true, description = "What is wrong.") @JsonProperty("message") @Nullable
        String message) {

    static ElectionData of(ClusterImage image, PartitionResult result, Location cluster) {
        String topic = result.partition().topic();
        int partition = result.partition().partition();
        Location place = cluster.collection("topics")
                .child("topic", topic)
                .collection("partitions")
                .child("partition", partition);
        Outcome outcome = Outcome.of(Errors.forCode(result.errorCode()), result.message());
        return new ElectionData(
                "KafkaLeaderElection",
                place.metadata(),
                image.clusterId(),
                topic,
                partition,
                image.partition(topic, partition)
                        .map(PartitionImage::leader)
                        .filter(leader -> leader != PartitionImage.NO_LEADER)
                        .map(leader -> place.related("replicas/" + leader))
                        .orElse(null),
                outcome.errorCode(),
                outcome.message());
    }
}
