package io.naru.admin.v3.record;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How to purge a topic. */
@Schema(name = "PurgeTopicRequest", description = "How to purge a topic.")
record PurgeRequest(
        @Schema(nullable = true, description = "Check and answer, delete nothing.")
        @JsonProperty("validate_only")
        @Nullable
        Boolean validateOnly) {}
