package io.naru.admin.v3.broker;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.Related;
import io.naru.admin.v3.ResourceMetadata;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.Endpoint;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A live broker. */
@Schema(name = "Broker", description = "A live broker.")
record BrokerData(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") ResourceMetadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("broker_id") int brokerId,

        @Schema(description = "Host of its Kafka listener.") @JsonProperty("host")
        String host,

        @Schema(description = "Port of its Kafka listener.") @JsonProperty("port")
        int port,

        @Schema(nullable = true, description = "Failure domain, if it has been told one.")
        @JsonProperty("rack")
        @Nullable
        String rack,

        @JsonProperty("configs") Related configs,
        @JsonProperty("partition_replicas") Related partitionReplicas) {

    static BrokerData of(String clusterId, BrokerImage broker, Location brokers) {
        return of(clusterId, broker.id(), broker.kafka(), broker.rack(), brokers);
    }

    static BrokerData of(String clusterId, int nodeId, Endpoint kafka, @Nullable String rack, Location brokers) {
        Location self = brokers.child("broker", nodeId);
        return new BrokerData(
                "KafkaBroker",
                self.metadata(),
                clusterId,
                nodeId,
                kafka.host(),
                kafka.port(),
                rack,
                self.related("configs"),
                self.related("partition-replicas"));
    }
}
