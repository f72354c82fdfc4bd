package io.naru.admin.v3.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.admin.v3.V3Exception;
import io.naru.cluster.control.AlterConfigs.ConfigOp;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Configs to set and unset. */
@Schema(name = "AlterConfigsRequest", description = "Configs to set and unset: all of them or none.")
record AlterConfigsRequest(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @JsonProperty("data") @Nullable
        List<Op> data,

        @Schema(nullable = true, description = "Check and answer, change nothing.")
        @JsonProperty("validate_only")
        @Nullable
        Boolean validateOnly) {

    /** One config. */
    @Schema(name = "AlterConfigsRequestEntry", description = "A config to set or unset.")
    record Op(
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @JsonProperty("name") @Nullable
            String name,

            @Schema(nullable = true, description = "To set, to add to a list, or to take from it.")
            @JsonProperty("value")
            @Nullable
            String value,

            @Schema(nullable = true, description = "SET if not given.") @JsonProperty("operation") @Nullable
            Operation operation) {}

    /** What to do; Confluent's two, and Kafka's others. */
    enum Operation {
        SET,
        DELETE,
        APPEND,
        SUBTRACT
    }

    List<ConfigOp> ops() {
        return ops("data", data);
    }

    /** What the controller takes; refused with 422 where something is missing. */
    static List<ConfigOp> ops(String place, @Nullable List<Op> wanted) {
        if (wanted == null || wanted.isEmpty()) {
            throw V3Exception.unprocessable(place + ": configs are missing.");
        }
        List<ConfigOp> ops = new ArrayList<>();
        Set<String> named = new HashSet<>();
        for (Op op : wanted) {
            String here = place + "[" + ops.size() + "]";
            if (op == null || op.name == null) {
                throw V3Exception.unprocessable(here + ": name is missing.");
            }
            if (!named.add(op.name)) {
                throw V3Exception.unprocessable(here + ": " + op.name + " is named more than once.");
            }
            Operation operation = op.operation == null ? Operation.SET : op.operation;
            if ((operation == Operation.DELETE) == (op.value != null)) {
                throw V3Exception.unprocessable(
                        here + ": " + operation + (op.value == null ? " needs a value." : " takes no value."));
            }
            ops.add(new ConfigOp(op.name, ConfigOp.Kind.valueOf(operation.name()), op.value));
        }
        return ops;
    }

    boolean isValidateOnly() {
        return Boolean.TRUE.equals(validateOnly);
    }
}
