package io.naru.admin.v3.election;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.V3Exception;
import io.naru.cluster.control.ElectLeaders;
import io.naru.cluster.control.PartitionName;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Leaders to elect. */
@Schema(name = "LeaderElectionRequest", description = "Leaders to elect.")
record ElectionRequest(
        @Schema(
                description =
                        "PREFERRED: the first replica, if it is in sync. UNCLEAN: where nobody leads any replica that"
                                + " lives, which loses what it does not have.",
                requiredMode = Schema.RequiredMode.REQUIRED)
        @JsonProperty("election_type")
        @Nullable
        Type electionType,

        @Schema(nullable = true, description = "For which partitions; for all that need it if not given.")
        @JsonProperty("partitions")
        @Nullable
        List<Partition> partitions,

        @Schema(nullable = true, description = "Check and answer, elect nobody.")
        @JsonProperty("validate_only")
        @Nullable
        Boolean validateOnly) {

    /** Kinds of elections (KIP-460). */
    enum Type {
        PREFERRED,
        UNCLEAN
    }

    /** A partition. */
    @Schema(name = "LeaderElectionRequestPartition", description = "A partition.")
    record Partition(
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @JsonProperty("topic_name") @Nullable
            String topicName,

            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @JsonProperty("partition_id") @Nullable
            Integer partitionId) {}

    ElectLeaders toControlPlane() {
        if (electionType == null) {
            throw V3Exception.unprocessable("election_type is missing.");
        }
        return new ElectLeaders(electionType == Type.UNCLEAN, names());
    }

    private @Nullable List<PartitionName> names() {
        if (partitions == null) {
            return null;
        }
        List<PartitionName> names = new ArrayList<>();
        for (Partition partition : partitions) {
            if (partition == null || partition.topicName == null || partition.partitionId == null) {
                throw V3Exception.unprocessable(
                        "partitions[" + names.size() + "]: topic_name or partition_id is missing.");
            }
            names.add(new PartitionName(partition.topicName, partition.partitionId));
        }
        return names;
    }

    boolean isValidateOnly() {
        return Boolean.TRUE.equals(validateOnly);
    }
}
