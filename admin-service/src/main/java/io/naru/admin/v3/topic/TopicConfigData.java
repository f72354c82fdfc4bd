package io.naru.admin.v3.topic;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.ResourceMetadata;
import io.naru.cluster.config.DescribedConfig;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.jspecify.annotations.Nullable;

/** A config of a topic. */
@Schema(name = "TopicConfig", description = "A config of a topic.")
record TopicConfigData(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") ResourceMetadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("topic_name") String topicName,
        @JsonProperty("name") String name,
        @JsonProperty("value") @Nullable String value,

        @Schema(description = "Whether nobody has set it.") @JsonProperty("is_default")
        boolean isDefault,

        @JsonProperty("is_read_only") boolean isReadOnly,
        @JsonProperty("is_sensitive") boolean isSensitive,

        @Schema(description = "Where the value comes from.", implementation = String.class, example = "DEFAULT_CONFIG")
        @JsonProperty("source")
        ConfigSource source,

        @Schema(description = "Every place that has a value for it, the one that counts first.")
        @JsonProperty("synonyms")
        List<Synonym> synonyms) {

    /** A value for the config in one place. */
    @Schema(name = "ConfigSynonym", description = "A value for a config in one place, under its name there.")
    record Synonym(
            @JsonProperty("name") String name,
            @JsonProperty("value") @Nullable String value,

            @Schema(implementation = String.class, example = "DEFAULT_CONFIG") @JsonProperty("source")
            ConfigSource source) {}

    static TopicConfigData of(String clusterId, String topic, DescribedConfig config, Location configs) {
        String name = config.config().name();
        return new TopicConfigData(
                "KafkaTopicConfig",
                configs.child("config", name).metadata(),
                clusterId,
                topic,
                name,
                config.value(),
                config.isDefault(),
                false,
                false,
                config.source(),
                config.synonyms().stream()
                        .map(s -> new Synonym(s.name(), s.value(), s.source()))
                        .toList());
    }
}
