package io.naru.admin.v3.reassignment;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.V3Exception;
import io.naru.cluster.control.AlterReassignments;
import io.naru.cluster.control.PartitionName;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where partitions are to go. */
@Schema(name = "AlterReassignmentsRequest", description = "Where partitions are to go.")
record AlterReassignmentsRequest(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @JsonProperty("data") @Nullable
        List<Move> data,

        @Schema(
                nullable = true,
                description = "Whether there may be more or fewer replicas than now; true if not given.")
        @JsonProperty("allow_replication_factor_change")
        @Nullable
        Boolean allowReplicationFactorChange,

        @Schema(nullable = true, description = "Check and answer, move nothing.")
        @JsonProperty("validate_only")
        @Nullable
        Boolean validateOnly) {

    /** One partition. */
    @Schema(name = "AlterReassignmentsRequestData", description = "Where a partition is to go.")
    record Move(
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @JsonProperty("topic_name") @Nullable
            String topicName,

            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @JsonProperty("partition_id") @Nullable
            Integer partitionId,

            @Schema(nullable = true, description = "Ids of brokers, the one that is to lead first; null cancels.")
            @JsonProperty("replicas")
            @Nullable
            List<Integer> replicas) {}

    AlterReassignments toControlPlane() {
        if (data == null || data.isEmpty()) {
            throw V3Exception.unprocessable("data: partitions are missing.");
        }
        List<AlterReassignments.Reassignment> moves = new ArrayList<>();
        for (Move move : data) {
            String place = "data[" + moves.size() + "]";
            if (move == null || move.topicName == null || move.partitionId == null) {
                throw V3Exception.unprocessable(place + ": topic_name or partition_id is missing.");
            }
            if (move.replicas != null && move.replicas.stream().anyMatch(id -> id == null)) {
                throw V3Exception.unprocessable(place + ".replicas: an id is null.");
            }
            moves.add(new AlterReassignments.Reassignment(
                    new PartitionName(move.topicName, move.partitionId), move.replicas));
        }
        return new AlterReassignments(moves, allowReplicationFactorChange == null || allowReplicationFactorChange);
    }

    boolean isValidateOnly() {
        return Boolean.TRUE.equals(validateOnly);
    }
}
