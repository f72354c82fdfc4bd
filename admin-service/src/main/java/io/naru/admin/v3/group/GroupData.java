package io.naru.admin.v3.group;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.Related;
import io.naru.admin.v3.ResourceMetadata;
import io.swagger.v3.oas.annotations.media.Schema;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.GroupType;

/** A consumer group. */
@Schema(name = "ConsumerGroup", description = "A consumer group.")
record GroupData(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") ResourceMetadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("consumer_group_id") String consumerGroupId,

        @Schema(description = "Whether it only has offsets, and never had members.") @JsonProperty("is_simple")
        boolean isSimple,

        @Schema(description = "What divides partitions among members.") @JsonProperty("partition_assignor")
        String partitionAssignor,

        @Schema(
                description =
                        "PREPARING_REBALANCE, COMPLETING_REBALANCE, ASSIGNING, RECONCILING, STABLE, DEAD, EMPTY or UNKNOWN.")
        @JsonProperty("state")
        String state,

        @Schema(description = "CLASSIC, CONSUMER (KIP-848), SHARE or UNKNOWN.") @JsonProperty("type")
        String type,

        @Schema(description = "Whether some members speak the classic protocol in a group of the new one.")
        @JsonProperty("is_mixed_consumer_group")
        boolean isMixedConsumerGroup,

        @Schema(description = "The node that coordinates it.") @JsonProperty("coordinator")
        Related coordinator,

        @JsonProperty("consumers") Related consumers,
        @JsonProperty("lag_summary") Related lagSummary) {

    static GroupData of(String clusterId, ConsumerGroupDescription group, Location cluster) {
        Location self = Groups.group(cluster, group.groupId());
        return new GroupData(
                "KafkaConsumerGroup",
                self.metadata(),
                clusterId,
                group.groupId(),
                group.isSimpleConsumerGroup(),
                group.partitionAssignor(),
                group.groupState().name(),
                group.type().name(),
                group.type() == GroupType.CONSUMER
                        && group.members().stream()
                                .anyMatch(member -> !member.upgraded().orElse(true)),
                cluster.related("brokers/" + group.coordinator().id()),
                self.related("consumers"),
                self.related("lag-summary"));
    }
}
