package io.naru.admin.v3.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.ResourceMetadata;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A config of a broker. */
@Schema(name = "BrokerConfig", description = "A config of a broker.")
record BrokerConfigData(
        @JsonProperty("kind") String kind,
        @JsonProperty("metadata") ResourceMetadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("broker_id") int brokerId,
        @JsonProperty("name") String name,

        @Schema(nullable = true, description = "Null when it has none, or is sensitive.")
        @JsonProperty("value")
        @Nullable
        String value,

        @Schema(description = "Whether nobody has set it.") @JsonProperty("is_default")
        boolean isDefault,

        @Schema(description = "Whether it can only be told to a service at its start.") @JsonProperty("is_read_only")
        boolean isReadOnly,

        @Schema(description = "Whether its value is never shown.") @JsonProperty("is_sensitive")
        boolean isSensitive,

        @Schema(description = "Where the value comes from.", example = "DEFAULT_CONFIG") @JsonProperty("source")
        String source,

        @Schema(description = "Every place that has a value for it, the one that counts first.")
        @JsonProperty("synonyms")
        List<ConfigSynonym> synonyms) {

    static BrokerConfigData of(String clusterId, int broker, ConfigView config, Location configs) {
        return new BrokerConfigData(
                "KafkaBrokerConfig",
                configs.child("config", config.name()).metadata(),
                clusterId,
                broker,
                config.name(),
                config.value(),
                config.isDefault(),
                config.isReadOnly(),
                config.isSensitive(),
                config.source(),
                config.synonyms());
    }
}
