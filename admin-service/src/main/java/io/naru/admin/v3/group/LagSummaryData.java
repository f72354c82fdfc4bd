package io.naru.admin.v3.group;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.Related;
import io.naru.admin.v3.ResourceMetadata;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far a consumer group is behind. */
@Schema(
        name = "ConsumerGroupLagSummary",
        description = "How far a consumer group is behind: in all, and in the partition where it is worst.")
record LagSummaryData(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") ResourceMetadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("consumer_group_id") String consumerGroupId,

        @Schema(description = "The member that reads that partition, or empty.") @JsonProperty("max_lag_consumer_id")
        String maxLagConsumerId,

        @Schema(nullable = true, description = "Its group.instance.id, if it is a static member.")
        @JsonProperty("max_lag_instance_id")
        @Nullable
        String maxLagInstanceId,

        @Schema(description = "Its client id, or empty.") @JsonProperty("max_lag_client_id")
        String maxLagClientId,

        @Schema(nullable = true, description = "That partition, or null while the group has committed nothing.")
        @JsonProperty("max_lag_topic_name")
        @Nullable
        String maxLagTopicName,

        @Schema(nullable = true) @JsonProperty("max_lag_partition_id") @Nullable
        Integer maxLagPartitionId,

        @JsonProperty("max_lag") long maxLag,
        @JsonProperty("total_lag") long totalLag,

        @Schema(nullable = true) @JsonProperty("max_lag_consumer") @Nullable
        Related maxLagConsumer,

        @Schema(nullable = true) @JsonProperty("max_lag_partition") @Nullable
        Related maxLagPartition) {

    static LagSummaryData of(String clusterId, String groupId, List<PartitionLag> lags, Location cluster) {
        PartitionLag worst =
                lags.stream().max(Comparator.comparingLong(PartitionLag::lag)).orElse(null);
        return new LagSummaryData(
                "KafkaConsumerGroupLagSummary",
                Groups.group(cluster, groupId).view("lag-summary").metadata(),
                clusterId,
                groupId,
                worst == null ? "" : worst.consumerId(),
                worst == null ? null : worst.instanceId(),
                worst == null ? "" : worst.clientId(),
                worst == null ? null : worst.partition().topic(),
                worst == null ? null : worst.partition().partition(),
                worst == null ? 0 : worst.lag(),
                lags.stream().mapToLong(PartitionLag::lag).sum(),
                worst == null || worst.consumerId().isEmpty()
                        ? null
                        : new Related(Groups.consumer(cluster, groupId, worst.consumerId())
                                .url()),
                worst == null
                        ? null
                        : new Related(
                                Groups.partition(cluster, worst.partition()).url()));
    }
}
