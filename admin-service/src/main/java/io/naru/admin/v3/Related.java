package io.naru.admin.v3;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * A link to another resource.
 *
 * @param related its URL
 */
@Schema(description = "A link to another resource.")
public record Related(@JsonProperty("related") String related) {}
