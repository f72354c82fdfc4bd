package io.naru.admin.v3.group;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.V3Exception;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a group is to go on. */
@Schema(name = "ResetOffsetsRequest", description = "Where a group is to go on.")
record ResetOffsetsRequest(
        @Schema(
                description =
                        "EARLIEST and LATEST: the ends of each partition. TIMESTAMP: the first record that is not older."
                                + " OFFSET: that offset. SHIFT_BY: so many records on from where it is, or back. GROUP: where another"
                                + " group is. What lies outside a partition becomes its nearest end.",
                requiredMode = Schema.RequiredMode.REQUIRED)
        @JsonProperty("to")
        @Nullable
        To to,

        @Schema(nullable = true, description = "For TIMESTAMP: an ISO-8601 time like 2026-01-31T12:00:00Z.")
        @JsonProperty("timestamp")
        @Nullable
        String timestamp,

        @Schema(nullable = true, description = "For OFFSET.") @JsonProperty("offset") @Nullable
        Long offset,

        @Schema(nullable = true, description = "For SHIFT_BY; negative is back.") @JsonProperty("shift_by") @Nullable
        Long shiftBy,

        @Schema(nullable = true, description = "For GROUP: the other group.")
        @JsonProperty("consumer_group_id")
        @Nullable
        String otherGroup,

        @Schema(
                nullable = true,
                description = "Which partitions; if not given those that the group, or with GROUP the other one, has an"
                        + " offset for.")
        @JsonProperty("partitions")
        @Nullable
        List<Scope> partitions,

        @Schema(nullable = true, description = "Answer where it would go on, and change nothing.")
        @JsonProperty("validate_only")
        @Nullable
        Boolean validateOnly) {

    /** Kinds of targets. */
    enum To {
        EARLIEST,
        LATEST,
        TIMESTAMP,
        OFFSET,
        SHIFT_BY,
        GROUP
    }

    /** A partition, or a whole topic. */
    @Schema(name = "ResetOffsetsRequestPartition", description = "A partition, or a whole topic.")
    record Scope(
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @JsonProperty("topic_name") @Nullable
            String topicName,

            @Schema(nullable = true, description = "All of the topic's if not given.")
            @JsonProperty("partition_id")
            @Nullable
            Integer partitionId) {

        String topic() {
            return String.valueOf(topicName);
        }
    }

    /** Refuses with 422 what lacks its argument, or has one that belongs to something else. */
    ResetOffsetsRequest checked() {
        if (to == null) {
            throw V3Exception.unprocessable("to is missing.");
        }
        List<String> wrong = new ArrayList<>();
        check(wrong, "timestamp", timestamp, To.TIMESTAMP);
        check(wrong, "offset", offset, To.OFFSET);
        check(wrong, "shift_by", shiftBy, To.SHIFT_BY);
        check(wrong, "consumer_group_id", otherGroup, To.GROUP);
        if (!wrong.isEmpty()) {
            throw V3Exception.unprocessable(String.join(" ", wrong));
        }
        if (offset != null && offset < 0) {
            throw V3Exception.unprocessable("offset is " + offset + "; offsets begin at 0.");
        }
        timestampMs();
        for (int i = 0; partitions != null && i < partitions.size(); i++) {
            if (partitions.get(i) == null || partitions.get(i).topicName == null) {
                throw V3Exception.unprocessable("partitions[" + i + "]: topic_name is missing.");
            }
        }
        return this;
    }

    private void check(List<String> wrong, String field, @Nullable Object value, To belongsTo) {
        if (to == belongsTo && value == null) {
            wrong.add(field + " is missing.");
        } else if (to != belongsTo && value != null) {
            wrong.add(field + " belongs to " + belongsTo + ", not to " + to + ".");
        }
    }

    long timestampMs() {
        if (timestamp == null) {
            return 0;
        }
        try {
            return Instant.parse(timestamp).toEpochMilli();
        } catch (DateTimeParseException | ArithmeticException wrong) {
            throw V3Exception.unprocessable("timestamp '" + timestamp + "' is not a time like 2026-01-31T12:00:00Z.");
        }
    }

    boolean isValidateOnly() {
        return Boolean.TRUE.equals(validateOnly);
    }
}
