package io.naru.admin.v3.partition;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.Related;
import io.naru.admin.v3.ResourceMetadata;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A partition, and where its records begin and end. */
@Schema(name = "PartitionWithOffsets", description = "A partition, and where its records begin and end.")
record PartitionOffsetData(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") ResourceMetadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("topic_name") String topicName,
        @JsonProperty("partition_id") int partitionId,

        @Schema(description = "Offset of the first record that is still there.") @JsonProperty("earliest_offset")
        long earliestOffset,

        @Schema(description = "Offset of the record to come: the high watermark.") @JsonProperty("latest_offset")
        long latestOffset,

        @Schema(nullable = true, description = "The replica that leads, or null while none does.")
        @JsonProperty("leader")
        @Nullable
        Related leader,

        @JsonProperty("replicas") Related replicas,
        @JsonProperty("reassignment") Related reassignment) {

    static PartitionOffsetData of(PartitionData partition, long earliest, long latest) {
        return new PartitionOffsetData(
                "KafkaPartitionWithOffsets",
                partition.metadata(),
                partition.clusterId(),
                partition.topicName(),
                partition.partitionId(),
                earliest,
                latest,
                partition.leader(),
                partition.replicas(),
                partition.reassignment());
    }
}
