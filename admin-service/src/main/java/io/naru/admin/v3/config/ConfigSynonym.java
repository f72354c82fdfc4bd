package io.naru.admin.v3.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A value for a config in one place, under its name there. */
@Schema(name = "ConfigSynonym", description = "A value for a config in one place, under its name there.")
record ConfigSynonym(
        @JsonProperty("name") String name,

        @Schema(nullable = true, description = "Null when it is sensitive.") @JsonProperty("value") @Nullable
        String value,

        @Schema(example = "DEFAULT_CONFIG") @JsonProperty("source")
        String source) {}
