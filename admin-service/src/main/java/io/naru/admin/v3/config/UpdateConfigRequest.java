package io.naru.admin.v3.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.V3Exception;
import io.naru.cluster.control.AlterConfigs.ConfigOp;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value to set. */
@Schema(name = "UpdateConfigRequest", description = "A value to set.")
record UpdateConfigRequest(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @JsonProperty("value") @Nullable
        String value,

        @Schema(nullable = true, description = "Check and answer, change nothing.")
        @JsonProperty("validate_only")
        @Nullable
        Boolean validateOnly) {

    List<ConfigOp> op(String name) {
        if (value == null) {
            throw V3Exception.unprocessable("value is missing; DELETE unsets a config.");
        }
        return List.of(ConfigOp.set(name, value));
    }

    boolean isValidateOnly() {
        return Boolean.TRUE.equals(validateOnly);
    }
}
