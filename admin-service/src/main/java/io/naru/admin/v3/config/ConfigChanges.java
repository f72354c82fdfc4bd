package io.naru.admin.v3.config;

import io.naru.admin.lease.ControllerThread;
import io.naru.admin.v3.Decide;
import io.naru.admin.v3.V3Exception;
import io.naru.cluster.control.AlterConfigs;
import io.naru.cluster.control.AlterConfigs.ConfigOp;
import io.naru.cluster.control.AlterConfigs.Resource;
import io.naru.cluster.control.ConfigResults.ConfigResult;
import io.naru.cluster.control.ConfigTarget;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** Has the controller change configs. */
@Component
class ConfigChanges {

    private final ControllerThread controller;

    ConfigChanges(ControllerThread controller) {
        this.controller = controller;
    }

    /**
     * Changes one resource as a whole, or not at all: only if what is set on it is what {@code If-Match} names, when decided as when
     * read.
     *
     * @param set what is set on it now
     * @return 204, with the new tag
     */
    CompletableFuture<ResponseEntity<Void>> alter(
            HttpServletRequest request,
            ConfigTarget target,
            Map<String, String> set,
            List<ConfigOp> ops,
            boolean validateOnly) {
        Map<String, String> expected = ConfigTag.expected(request.getHeader(HttpHeaders.IF_MATCH), set);
        return alter(request, List.of(new Resource(target, ops, false, expected)), validateOnly)
                .thenApply(results -> {
                    ConfigResult result = results.get(0);
                    Map<String, String> now = result.configs();
                    if (result.errorCode() != 0 || now == null) {
                        throw V3Exception.of(Errors.forCode(result.errorCode()), String.valueOf(result.message()));
                    }
                    return ResponseEntity.noContent()
                            .eTag(ConfigTag.of(validateOnly ? set : now))
                            .build();
                });
    }

    /** Changes several, each on its own. */
    CompletableFuture<List<ConfigResult>> alter(
            HttpServletRequest request, List<Resource> resources, boolean validateOnly) {
        // Not for the controller to validate only: it has to decide in order that its answer is what would come of it.
        AlterConfigs wanted = new AlterConfigs(resources, false);
        return Decide.on(controller, request, validateOnly, "alter_configs", (c, nowMs) -> c.alterConfigs(wanted))
                .thenApply(results -> results.results());
    }
}
