package io.naru.admin.v3.topic;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.Related;
import io.naru.admin.v3.ResourceMetadata;
import io.naru.cluster.TopicImage;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** A topic. */
@Schema(name = "Topic", description = "A topic.")
record TopicData(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") ResourceMetadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("topic_name") String topicName,

        @Schema(description = "Whether it is Naru's own.") @JsonProperty("is_internal")
        boolean isInternal,

        @JsonProperty("replication_factor") int replicationFactor,
        @JsonProperty("partitions_count") int partitionsCount,
        @JsonProperty("partitions") Related partitions,
        @JsonProperty("configs") Related configs,
        @JsonProperty("partition_reassignments") Related partitionReassignments,

        @Schema(
                description =
                        "What the caller may do with it, if that was asked for. There is no authorizer: everything.")
        @JsonProperty("authorized_operations")
        List<String> authorizedOperations) {

    private static final List<String> ALL_OPERATIONS =
            List.of("CREATE", "DELETE", "ALTER", "READ", "WRITE", "DESCRIBE", "DESCRIBE_CONFIGS", "ALTER_CONFIGS");

    static TopicData of(String clusterId, TopicImage topic, Location topics, boolean operations) {
        Location self = topics.child("topic", topic.name());
        return new TopicData(
                "KafkaTopic",
                self.metadata(),
                clusterId,
                topic.name(),
                topic.internal(),
                topic.replicationFactor(),
                topic.partitions().size(),
                self.related("partitions"),
                self.related("configs"),
                self.related("partitions/-/reassignment"),
                operations ? ALL_OPERATIONS : List.of());
    }
}
