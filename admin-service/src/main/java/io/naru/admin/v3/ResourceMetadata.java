package io.naru.admin.v3;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * What identifies a resource.
 *
 * @param self         its URL
 * @param resourceName its name, for example {@code crn:///kafka=<cluster>/topic=<topic>}
 */
@Schema(description = "What identifies a resource.")
public record ResourceMetadata(
        @JsonProperty("self") String self,
        @JsonProperty("resource_name") String resourceName) {}
