package io.naru.admin.v3.group;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.Related;
import io.naru.admin.v3.ResourceMetadata;
import io.swagger.v3.oas.annotations.media.Schema;
import org.apache.kafka.common.TopicPartition;

/** A partition that a member reads. */
@Schema(name = "ConsumerAssignment", description = "A partition that a member reads.")
record AssignmentData(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") ResourceMetadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("consumer_group_id") String consumerGroupId,
        @JsonProperty("consumer_id") String consumerId,
        @JsonProperty("topic_name") String topicName,
        @JsonProperty("partition_id") int partitionId,
        @JsonProperty("partition") Related partition,
        @JsonProperty("lag") Related lag) {

    static AssignmentData of(
            String clusterId, String groupId, String consumerId, TopicPartition partition, Location cluster) {
        Location assignments = Groups.consumer(cluster, groupId, consumerId).collection("assignments");
        return new AssignmentData(
                "KafkaConsumerAssignment",
                Groups.partition(assignments, "assignment", partition).metadata(),
                clusterId,
                groupId,
                consumerId,
                partition.topic(),
                partition.partition(),
                new Related(Groups.partition(cluster, partition).url()),
                new Related(Groups.lag(cluster, groupId, partition).url()));
    }
}
