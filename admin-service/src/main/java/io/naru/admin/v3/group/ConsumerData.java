package io.naru.admin.v3.group;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.Related;
import io.naru.admin.v3.ResourceMetadata;
import io.swagger.v3.oas.annotations.media.Schema;
import org.apache.kafka.clients.admin.MemberDescription;
import org.jspecify.annotations.Nullable;

/** A member of a consumer group. */
@Schema(name = "Consumer", description = "A member of a consumer group.")
record ConsumerData(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") ResourceMetadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("consumer_group_id") String consumerGroupId,

        @Schema(description = "Its member id.") @JsonProperty("consumer_id")
        String consumerId,

        @Schema(nullable = true, description = "Its group.instance.id, if it is a static member.")
        @JsonProperty("instance_id")
        @Nullable
        String instanceId,

        @JsonProperty("client_id") String clientId,
        @JsonProperty("assignments") Related assignments) {

    static ConsumerData of(String clusterId, String groupId, MemberDescription member, Location cluster) {
        Location self = Groups.consumer(cluster, groupId, member.consumerId());
        return new ConsumerData(
                "KafkaConsumer",
                self.metadata(),
                clusterId,
                groupId,
                member.consumerId(),
                member.groupInstanceId().orElse(null),
                member.clientId(),
                self.related("assignments"));
    }
}
