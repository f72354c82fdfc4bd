package io.naru.admin.v3.config;

import io.naru.admin.v3.CurrentCluster;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.Page;
import io.naru.admin.v3.PageRequest;
import io.naru.admin.v3.V3Exception;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.config.BrokerConfigs;
import io.naru.cluster.config.ConfigLayers;
import io.naru.cluster.control.AlterConfigs.ConfigOp;
import io.naru.cluster.control.ConfigTarget;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code …/broker-configs}: what is set on all brokers while they run. */
@RestController
@RequestMapping(path = "/v3/clusters/{cluster_id}", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Configs")
class ClusterConfigResource {

    private static final String CONFIGS = "broker-configs";

    private final CurrentCluster current;
    private final ConfigChanges changes;

    ClusterConfigResource(CurrentCluster current, ConfigChanges changes) {
        this.current = current;
        this.changes = changes;
    }

    @GetMapping("/" + CONFIGS)
    @Operation(
            operationId = "listKafkaClusterConfigs",
            summary = "List configs that are set on all brokers",
            description = "ETag is that of what is set.")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = ClusterConfigDataList.class)))
    ResponseEntity<ClusterConfigDataList> list(
            @PathVariable("cluster_id") String clusterId,
            @RequestParam(name = "prefix", required = false) @Nullable String prefix,
            @RequestParam(name = "pattern", required = false) @Nullable String pattern,
            PageRequest page,
            HttpServletRequest request) {
        ClusterImage image = current.image(clusterId);
        Location configs = Location.cluster(request, clusterId).collection(CONFIGS);
        ConfigFilter filter = ConfigFilter.of(prefix, pattern, null);
        Page<ConfigView> found =
                page.of(describe(image).stream().filter(filter::admits).toList(), ConfigView::name);
        return ResponseEntity.ok()
                .eTag(ConfigTag.of(image.configs()))
                .body(new ClusterConfigDataList(
                        "KafkaClusterConfigList",
                        found.metadata(configs),
                        found.map(config -> ClusterConfigData.of(clusterId, config, configs))));
    }

    @GetMapping("/" + CONFIGS + "/{name}")
    @Operation(
            operationId = "getKafkaClusterConfig",
            summary = "Get a config that is set on all brokers",
            description = "404 when it is not set. ETag is that of all that is set.")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = ClusterConfigData.class)))
    ResponseEntity<ClusterConfigData> get(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("name") String name,
            HttpServletRequest request) {
        ClusterImage image = current.image(clusterId);
        Location configs = Location.cluster(request, clusterId).collection(CONFIGS);
        return describe(image).stream()
                .filter(config -> config.name().equals(name))
                .findFirst()
                .map(config -> ResponseEntity.ok()
                        .eTag(ConfigTag.of(image.configs()))
                        .body(ClusterConfigData.of(clusterId, config, configs)))
                .orElseThrow(() -> V3Exception.notFound("No config '" + name + "' is set on all brokers."));
    }

    @PostMapping(path = "/broker-configs:alter", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "updateKafkaClusterConfigs",
            summary = "Set and unset configs of all brokers",
            description = "All of them or none.")
    @ApiResponse(responseCode = "204", description = "Done; ETag is that of what is set now.", content = @Content)
    @Parameter(in = ParameterIn.HEADER, name = "If-Match", schema = @Schema(type = "string"))
    CompletableFuture<ResponseEntity<Void>> alter(
            @PathVariable("cluster_id") String clusterId,
            @RequestBody AlterConfigsRequest body,
            HttpServletRequest request) {
        return changes.alter(
                request,
                ConfigTarget.allBrokers(),
                current.image(clusterId).configs(),
                body.ops(),
                body.isValidateOnly());
    }

    @PutMapping(path = "/broker-configs/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "updateKafkaClusterConfig", summary = "Set a config of all brokers")
    @ApiResponse(responseCode = "204", description = "Done; ETag is that of what is set now.", content = @Content)
    @Parameter(in = ParameterIn.HEADER, name = "If-Match", schema = @Schema(type = "string"))
    CompletableFuture<ResponseEntity<Void>> update(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("name") String name,
            @RequestBody UpdateConfigRequest body,
            HttpServletRequest request) {
        Map<String, String> set = current.image(clusterId).configs();
        known(name);
        return changes.alter(request, ConfigTarget.allBrokers(), set, body.op(name), body.isValidateOnly());
    }

    @DeleteMapping("/broker-configs/{name}")
    @Operation(
            operationId = "deleteKafkaClusterConfig",
            summary = "Unset a config of all brokers",
            description = "What counts then is what is set further out, or the default.")
    @ApiResponse(responseCode = "204", description = "Done; ETag is that of what is set now.", content = @Content)
    @Parameter(in = ParameterIn.HEADER, name = "If-Match", schema = @Schema(type = "string"))
    CompletableFuture<ResponseEntity<Void>> reset(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("name") String name,
            @RequestParam(name = "validate_only", defaultValue = "false") boolean validateOnly,
            HttpServletRequest request) {
        Map<String, String> set = current.image(clusterId).configs();
        known(name);
        return changes.alter(request, ConfigTarget.allBrokers(), set, List.of(ConfigOp.delete(name)), validateOnly);
    }

    private static List<ConfigView> describe(ClusterImage image) {
        return ConfigLayers.of(image).describeClusterWide().stream()
                .map(ConfigView::of)
                .toList();
    }

    static void known(String name) {
        if (BrokerConfigs.find(name).isEmpty()) {
            throw V3Exception.notFound("There is no broker config '" + name + "'.");
        }
    }
}
