package io.naru.admin.v3;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What identifies a list.
 *
 * @param self its URL
 * @param next URL of the next page, or null on the last one
 */
@Schema(description = "What identifies a list.")
public record CollectionMetadata(
        @JsonProperty("self") String self,

        @Schema(nullable = true, description = "URL of the next page, or null on the last one.")
        @JsonProperty("next")
        @Nullable
        String next) {}
