package io.naru.admin.v3.record;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.ResourceMetadata;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What became of a deletion. */
@Schema(name = "DeletedRecords", description = "What became of the deletion in one partition.")
record DeletedRecordsData(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") ResourceMetadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("topic_name") String topicName,
        @JsonProperty("partition_id") int partitionId,

        @Schema(nullable = true, description = "Offset of the first record that is left, or of the one to come.")
        @JsonProperty("earliest_offset")
        @Nullable
        Long earliestOffset,

        @Schema(description = "200, or the code of an error.") @JsonProperty("error_code")
        int errorCode,

        @Schema(nullable = true, description = "What is wrong.") @JsonProperty("message") @Nullable
        String message) {}
