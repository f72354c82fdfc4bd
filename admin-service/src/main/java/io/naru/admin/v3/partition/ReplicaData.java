package io.naru.admin.v3.partition;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.Related;
import io.naru.admin.v3.ResourceMetadata;
import io.naru.cluster.PartitionImage;
import io.swagger.v3.oas.annotations.media.Schema;

/** A replica of a partition. */
@Schema(name = "Replica", description = "A replica of a partition.")
record ReplicaData(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") ResourceMetadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("topic_name") String topicName,
        @JsonProperty("partition_id") int partitionId,
        @JsonProperty("broker_id") int brokerId,
        @JsonProperty("is_leader") boolean isLeader,
        @JsonProperty("is_in_sync") boolean isInSync,
        @JsonProperty("broker") Related broker) {

    static ReplicaData of(String topic, PartitionImage partition, int brokerId, Place place) {
        return new ReplicaData(
                "KafkaReplica",
                place.replicas.child("replica", brokerId).metadata(),
                place.clusterId,
                topic,
                partition.partition(),
                brokerId,
                partition.leader() == brokerId,
                partition.isr().contains(brokerId),
                place.cluster.related("brokers/" + brokerId));
    }

    /** Where replicas are. */
    record Place(String clusterId, Location cluster, Location replicas) {}
}
