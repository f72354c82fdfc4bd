package io.naru.admin.v3.group;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.Related;
import io.naru.admin.v3.ResourceMetadata;
import io.swagger.v3.oas.annotations.media.Schema;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Where a consumer group goes on in a partition. */
@Schema(name = "ConsumerGroupOffset", description = "Where a consumer group goes on in a partition.")
record OffsetData(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") ResourceMetadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("consumer_group_id") String consumerGroupId,
        @JsonProperty("topic_name") String topicName,
        @JsonProperty("partition_id") int partitionId,

        @Schema(nullable = true, description = "Where it would have gone on, or null if it had no offset there.")
        @JsonProperty("previous_offset")
        @Nullable
        Long previousOffset,

        @Schema(description = "Offset of the record that it reads next.") @JsonProperty("offset")
        long offset,

        @JsonProperty("lag") Related lag) {

    static OffsetData of(
            String clusterId,
            String groupId,
            TopicPartition partition,
            @Nullable Long previous,
            long offset,
            Location cluster) {
        Location lag = Groups.lag(cluster, groupId, partition);
        return new OffsetData(
                "KafkaConsumerGroupOffset",
                lag.metadata(),
                clusterId,
                groupId,
                partition.topic(),
                partition.partition(),
                previous,
                offset,
                new Related(lag.url()));
    }
}
