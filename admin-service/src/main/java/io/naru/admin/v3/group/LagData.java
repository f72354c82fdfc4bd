package io.naru.admin.v3.group;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.ResourceMetadata;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How far a consumer group is behind in a partition. */
@Schema(name = "ConsumerLag", description = "How far a consumer group is behind in a partition.")
record LagData(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") ResourceMetadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("consumer_group_id") String consumerGroupId,
        @JsonProperty("topic_name") String topicName,
        @JsonProperty("partition_id") int partitionId,

        @Schema(description = "The offset that the group has committed.") @JsonProperty("current_offset")
        long currentOffset,

        @Schema(description = "Offset of the record to come.") @JsonProperty("log_end_offset")
        long logEndOffset,

        @Schema(description = "Records between the two.") @JsonProperty("lag")
        long lag,

        @Schema(description = "The member that reads the partition, or empty.") @JsonProperty("consumer_id")
        String consumerId,

        @Schema(nullable = true, description = "Its group.instance.id, if it is a static member.")
        @JsonProperty("instance_id")
        @Nullable
        String instanceId,

        @Schema(description = "Its client id, or empty.") @JsonProperty("client_id")
        String clientId) {

    static LagData of(String clusterId, String groupId, PartitionLag lag, Location cluster) {
        return new LagData(
                "KafkaConsumerLag",
                Groups.lag(cluster, groupId, lag.partition()).metadata(),
                clusterId,
                groupId,
                lag.partition().topic(),
                lag.partition().partition(),
                lag.committed(),
                lag.end(),
                lag.lag(),
                lag.consumerId(),
                lag.instanceId(),
                lag.clientId());
    }
}
