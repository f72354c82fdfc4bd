package io.naru.admin.v3.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.Related;
import io.naru.admin.v3.ResourceMetadata;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A cluster. */
@Schema(name = "Cluster", description = "A cluster.")
record ClusterData(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") ResourceMetadata metadata,
        @JsonProperty("cluster_id") String clusterId,

        @Schema(
                nullable = true,
                description =
                        "A broker that takes administrative requests of Kafka clients, or null while none is live.")
        @JsonProperty("controller")
        @Nullable
        Related controller,

        @JsonProperty("acls") Related acls,
        @JsonProperty("brokers") Related brokers,
        @JsonProperty("broker_configs") Related brokerConfigs,
        @JsonProperty("consumer_groups") Related consumerGroups,
        @JsonProperty("topics") Related topics,
        @JsonProperty("partition_reassignments") Related partitionReassignments) {

    static ClusterData of(ClusterImage image, Location cluster) {
        Related controller = image.liveBrokers().stream()
                .map(BrokerImage::id)
                .findFirst()
                .map(id -> cluster.related("brokers/" + id))
                .orElse(null);
        return new ClusterData(
                "KafkaCluster",
                cluster.metadata(),
                image.clusterId(),
                controller,
                cluster.related("acls"),
                cluster.related("brokers"),
                cluster.related("broker-configs"),
                cluster.related("consumer-groups"),
                cluster.related("topics"),
                cluster.related("topics/-/partitions/-/reassignment"));
    }
}
