package io.naru.admin.v3;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * Body of every failed call.
 *
 * @param errorCode the HTTP status, or a five-digit code that begins with it
 * @param message   what is wrong
 */
@Schema(description = "Body of every failed call.")
public record V3Error(
        @Schema(description = "The HTTP status, or a five-digit code that begins with it.") @JsonProperty("error_code")
        int errorCode,

        @Schema(description = "What is wrong.") @JsonProperty("message")
        String message) {}
