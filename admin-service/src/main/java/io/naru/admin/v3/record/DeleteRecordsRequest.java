package io.naru.admin.v3.record;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.V3Exception;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Records to delete. */
@Schema(name = "DeleteRecordsRequest", description = "Records to delete: in each partition those before an offset.")
record DeleteRecordsRequest(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @JsonProperty("partitions") @Nullable
        List<Before> partitions,

        @Schema(nullable = true, description = "Check and answer, delete nothing.")
        @JsonProperty("validate_only")
        @Nullable
        Boolean validateOnly) {

    /** Everything before an offset. */
    static final long ALL = -1;

    /** One partition. */
    @Schema(name = "DeleteRecordsRequestPartition", description = "Records to delete in a partition.")
    record Before(
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @JsonProperty("partition_id") @Nullable
            Integer partitionId,

            @Schema(
                    description = "Records before this offset go; -1: all that are there.",
                    requiredMode = Schema.RequiredMode.REQUIRED)
            @JsonProperty("before_offset")
            @Nullable
            Long beforeOffset) {}

    /** Offsets by partition. */
    SortedMap<Integer, Long> byPartition() {
        if (partitions == null || partitions.isEmpty()) {
            throw V3Exception.unprocessable("partitions are missing.");
        }
        SortedMap<Integer, Long> byPartition = new TreeMap<>();
        for (int i = 0; i < partitions.size(); i++) {
            Before before = partitions.get(i);
            String place = "partitions[" + i + "]";
            if (before == null || before.partitionId == null || before.beforeOffset == null) {
                throw V3Exception.unprocessable(place + ": partition_id or before_offset is missing.");
            }
            if (before.beforeOffset < ALL) {
                throw V3Exception.unprocessable(place + ".before_offset is " + before.beforeOffset
                        + "; offsets begin at 0, and -1 stands for everything.");
            }
            if (byPartition.put(before.partitionId, before.beforeOffset) != null) {
                throw V3Exception.unprocessable(place + ": partition " + before.partitionId + " is named twice.");
            }
        }
        return byPartition;
    }

    boolean isValidateOnly() {
        return Boolean.TRUE.equals(validateOnly);
    }
}
