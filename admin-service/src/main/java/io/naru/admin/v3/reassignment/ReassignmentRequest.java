package io.naru.admin.v3.reassignment;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.V3Exception;
import io.naru.cluster.control.AlterReassignments;
import io.naru.cluster.control.PartitionName;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a partition is to go. */
@Schema(name = "ReassignmentRequest", description = "Where a partition is to go.")
record ReassignmentRequest(
        @Schema(
                description = "Ids of the brokers that are to have it, the one that is to lead first.",
                requiredMode = Schema.RequiredMode.REQUIRED)
        @JsonProperty("replicas")
        @Nullable
        List<Integer> replicas,

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

    AlterReassignments.Reassignment toControlPlane(PartitionName partition) {
        if (replicas == null || replicas.stream().anyMatch(id -> id == null)) {
            throw V3Exception.unprocessable("replicas: ids of brokers are missing.");
        }
        return new AlterReassignments.Reassignment(partition, replicas);
    }

    boolean mayChangeFactor() {
        return allowReplicationFactorChange == null || allowReplicationFactorChange;
    }

    boolean isValidateOnly() {
        return Boolean.TRUE.equals(validateOnly);
    }
}
