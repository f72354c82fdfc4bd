package io.naru.admin.v3.topic;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.V3Exception;
import io.naru.cluster.control.CreateTopics;
import io.naru.cluster.control.NewTopic;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A topic to create. */
@Schema(name = "CreateTopicRequest", description = "A topic to create.")
record CreateTopicRequest(
        @Schema(
                description = "1 to 249 characters of a-z, A-Z, 0-9, '.', '_' and '-'.",
                requiredMode = Schema.RequiredMode.REQUIRED)
        @JsonProperty("topic_name")
        @Nullable
        String topicName,

        @Schema(nullable = true, description = "Number of partitions; the cluster's default if not given.")
        @JsonProperty("partitions_count")
        @Nullable
        Integer partitionsCount,

        @Schema(nullable = true, description = "Number of replicas; the cluster's default if not given.")
        @JsonProperty("replication_factor")
        @Nullable
        Integer replicationFactor,

        @Schema(
                nullable = true,
                description =
                        "Broker ids by partition, instead of partitions_count and replication_factor; the first leads.")
        @JsonProperty("replicas_assignments")
        @Nullable
        Map<Integer, List<Integer>> replicasAssignments,

        @Schema(nullable = true, description = "Configs that differ from the defaults.")
        @JsonProperty("configs")
        @Nullable
        List<ConfigValue> configs,

        @Schema(nullable = true, description = "Check and answer, create nothing.")
        @JsonProperty("validate_only")
        @Nullable
        Boolean validateOnly) {

    private static final int UNSET = -1;

    /** A config to set. */
    @Schema(name = "CreateTopicRequestConfig", description = "A config to set.")
    record ConfigValue(
            @Schema(description = "Its name.", requiredMode = Schema.RequiredMode.REQUIRED)
            @JsonProperty("name")
            @Nullable
            String name,

            @Schema(description = "Its value.", requiredMode = Schema.RequiredMode.REQUIRED)
            @JsonProperty("value")
            @Nullable
            String value) {}

    /** The same as the controller takes it; refused with 422 when something is missing. */
    CreateTopics toControlPlane() {
        if (topicName == null) {
            throw V3Exception.unprocessable("topic_name is missing.");
        }
        NewTopic topic = new NewTopic(
                topicName,
                partitionsCount == null ? UNSET : partitionsCount,
                replicationFactor == null ? UNSET : replicationFactor,
                assignments(),
                configsByName());
        return new CreateTopics(List.of(topic), isValidateOnly());
    }

    boolean isValidateOnly() {
        return Boolean.TRUE.equals(validateOnly);
    }

    private Map<Integer, List<Integer>> assignments() {
        if (replicasAssignments == null) {
            return Map.of();
        }
        replicasAssignments.forEach((partition, replicas) -> {
            if (replicas == null || replicas.stream().anyMatch(id -> id == null)) {
                throw V3Exception.unprocessable("replicas_assignments: partition " + partition + " names no brokers.");
            }
        });
        return replicasAssignments;
    }

    private Map<String, String> configsByName() {
        Map<String, String> byName = new LinkedHashMap<>();
        for (ConfigValue config : configs == null ? List.<ConfigValue>of() : configs) {
            if (config == null || config.name == null || config.value == null) {
                throw V3Exception.unprocessable("configs: each needs a name and a value.");
            }
            if (byName.put(config.name, config.value) != null) {
                throw V3Exception.unprocessable("configs: " + config.name + " is given more than once.");
            }
        }
        return byName;
    }
}
