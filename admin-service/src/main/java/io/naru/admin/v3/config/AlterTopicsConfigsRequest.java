package io.naru.admin.v3.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.V3Exception;
import io.naru.cluster.control.AlterConfigs.Resource;
import io.naru.cluster.control.ConfigTarget;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Configs of several topics to set and unset. */
@Schema(name = "AlterTopicsConfigsRequest", description = "Configs of several topics to set and unset.")
record AlterTopicsConfigsRequest(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @JsonProperty("data") @Nullable
        List<OfTopic> data,

        @Schema(nullable = true, description = "Check and answer, change nothing.")
        @JsonProperty("validate_only")
        @Nullable
        Boolean validateOnly) {

    /** One topic. */
    @Schema(name = "AlterTopicsConfigsRequestTopic", description = "Configs of a topic: all of them or none.")
    record OfTopic(
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @JsonProperty("topic_name") @Nullable
            String topicName,

            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @JsonProperty("configs") @Nullable
            List<AlterConfigsRequest.Op> configs) {}

    List<Resource> resources() {
        if (data == null || data.isEmpty()) {
            throw V3Exception.unprocessable("data: topics are missing.");
        }
        List<Resource> resources = new ArrayList<>();
        for (OfTopic topic : data) {
            String place = "data[" + resources.size() + "]";
            if (topic == null || topic.topicName == null) {
                throw V3Exception.unprocessable(place + ": topic_name is missing.");
            }
            resources.add(new Resource(
                    ConfigTarget.topic(topic.topicName), AlterConfigsRequest.ops(place + ".configs", topic.configs)));
        }
        return resources;
    }

    boolean isValidateOnly() {
        return Boolean.TRUE.equals(validateOnly);
    }
}
