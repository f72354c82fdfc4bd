package io.naru.admin.v3.topic;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.V3Exception;
import io.naru.cluster.control.CreatePartitions;
import io.naru.cluster.control.CreatePartitions.MorePartitions;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many partitions a topic is to have. */
@Schema(name = "UpdateTopicRequest", description = "How many partitions a topic is to have.")
record UpdateTopicRequest(
        @Schema(
                description = "Number of partitions in all; more than there are.",
                requiredMode = Schema.RequiredMode.REQUIRED)
        @JsonProperty("partitions_count")
        @Nullable
        Integer partitionsCount,

        @Schema(
                nullable = true,
                description = "Broker ids of each new partition, the first leads; the cluster's choice if not given.")
        @JsonProperty("replicas_assignments")
        @Nullable
        List<List<Integer>> replicasAssignments,

        @Schema(nullable = true, description = "Check and answer, add nothing.")
        @JsonProperty("validate_only")
        @Nullable
        Boolean validateOnly) {

    CreatePartitions toControlPlane(String topic) {
        if (partitionsCount == null) {
            throw V3Exception.unprocessable("partitions_count is missing.");
        }
        List<List<Integer>> assignments = replicasAssignments == null ? List.of() : replicasAssignments;
        for (List<Integer> replicas : assignments) {
            if (replicas == null || replicas.stream().anyMatch(id -> id == null)) {
                throw V3Exception.unprocessable("replicas_assignments: each new partition needs broker ids.");
            }
        }
        return new CreatePartitions(List.of(new MorePartitions(topic, partitionsCount, assignments)), false);
    }

    boolean isValidateOnly() {
        return Boolean.TRUE.equals(validateOnly);
    }
}
