package io.naru.admin.v3.config;

import io.naru.admin.v3.CurrentCluster;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.Page;
import io.naru.admin.v3.PageRequest;
import io.naru.admin.v3.V3Exception;
import io.naru.cluster.BrokerImage;
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

/** {@code …/brokers/{broker_id}/configs}. */
@RestController
@RequestMapping(path = "/v3/clusters/{cluster_id}/brokers/{broker_id}", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Configs")
class BrokerConfigResource {

    private final CurrentCluster current;
    private final BrokerConfigReader brokers;
    private final ConfigChanges changes;

    BrokerConfigResource(CurrentCluster current, BrokerConfigReader brokers, ConfigChanges changes) {
        this.current = current;
        this.brokers = brokers;
        this.changes = changes;
    }

    @GetMapping("/configs")
    @Operation(
            operationId = "listKafkaBrokerConfigs",
            summary = "List a broker's configs",
            description = "Asked of the broker itself. ETag is that of what is set on it while it runs.")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = BrokerConfigDataList.class)))
    CompletableFuture<ResponseEntity<BrokerConfigDataList>> list(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("broker_id") int brokerId,
            @RequestParam(name = "prefix", required = false) @Nullable String prefix,
            @RequestParam(name = "pattern", required = false) @Nullable String pattern,
            @Parameter(description = "Only those that nobody has set, or only the others.")
                    @RequestParam(name = "is_default", required = false)
                    @Nullable
                    Boolean isDefault,
            PageRequest page,
            HttpServletRequest request) {
        Location configs = configs(Location.cluster(request, clusterId), brokerId);
        BrokerImage broker = broker(clusterId, brokerId);
        ConfigFilter filter = ConfigFilter.of(prefix, pattern, isDefault);
        return brokers.describe(current.image(clusterId), List.of(brokerId)).thenApply(described -> {
            Page<ConfigView> found = page.of(
                    described.getOrDefault(brokerId, List.of()).stream()
                            .filter(filter::admits)
                            .toList(),
                    ConfigView::name);
            return ResponseEntity.ok()
                    .eTag(ConfigTag.of(broker.configs()))
                    .body(new BrokerConfigDataList(
                            "KafkaBrokerConfigList",
                            found.metadata(configs),
                            found.map(config -> BrokerConfigData.of(clusterId, brokerId, config, configs))));
        });
    }

    @GetMapping("/configs/{name}")
    @Operation(
            operationId = "getKafkaBrokerConfig",
            summary = "Get a broker's config",
            description = "Asked of the broker itself. ETag is that of all that is set on it while it runs.")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = BrokerConfigData.class)))
    CompletableFuture<ResponseEntity<BrokerConfigData>> get(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("broker_id") int brokerId,
            @PathVariable("name") String name,
            HttpServletRequest request) {
        Location configs = configs(Location.cluster(request, clusterId), brokerId);
        BrokerImage broker = broker(clusterId, brokerId);
        ClusterConfigResource.known(name);
        return brokers.describe(current.image(clusterId), List.of(brokerId))
                .thenApply(described -> described.getOrDefault(brokerId, List.of()).stream()
                        .filter(config -> config.name().equals(name))
                        .findFirst()
                        .map(config -> ResponseEntity.ok()
                                .eTag(ConfigTag.of(broker.configs()))
                                .body(BrokerConfigData.of(clusterId, brokerId, config, configs)))
                        .orElseThrow(() -> V3Exception.notFound("The broker has no config '" + name + "'.")));
    }

    @PostMapping(path = "/configs:alter", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "updateKafkaBrokerConfigBatch",
            summary = "Set and unset a broker's configs",
            description = "All of them or none.")
    @ApiResponse(responseCode = "204", description = "Done; ETag is that of what is set now.", content = @Content)
    @Parameter(in = ParameterIn.HEADER, name = "If-Match", schema = @Schema(type = "string"))
    CompletableFuture<ResponseEntity<Void>> alter(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("broker_id") int brokerId,
            @RequestBody AlterConfigsRequest body,
            HttpServletRequest request) {
        return changes.alter(
                request,
                ConfigTarget.broker(brokerId),
                broker(clusterId, brokerId).configs(),
                body.ops(),
                body.isValidateOnly());
    }

    @PutMapping(path = "/configs/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "updateKafkaBrokerConfig", summary = "Set a broker's config")
    @ApiResponse(responseCode = "204", description = "Done; ETag is that of what is set now.", content = @Content)
    @Parameter(in = ParameterIn.HEADER, name = "If-Match", schema = @Schema(type = "string"))
    CompletableFuture<ResponseEntity<Void>> update(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("broker_id") int brokerId,
            @PathVariable("name") String name,
            @RequestBody UpdateConfigRequest body,
            HttpServletRequest request) {
        Map<String, String> set = broker(clusterId, brokerId).configs();
        ClusterConfigResource.known(name);
        return changes.alter(request, ConfigTarget.broker(brokerId), set, body.op(name), body.isValidateOnly());
    }

    @DeleteMapping("/configs/{name}")
    @Operation(
            operationId = "deleteKafkaBrokerConfig",
            summary = "Unset a broker's config",
            description = "What counts then is what is set further out, or the default.")
    @ApiResponse(responseCode = "204", description = "Done; ETag is that of what is set now.", content = @Content)
    @Parameter(in = ParameterIn.HEADER, name = "If-Match", schema = @Schema(type = "string"))
    CompletableFuture<ResponseEntity<Void>> reset(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("broker_id") int brokerId,
            @PathVariable("name") String name,
            @RequestParam(name = "validate_only", defaultValue = "false") boolean validateOnly,
            HttpServletRequest request) {
        Map<String, String> set = broker(clusterId, brokerId).configs();
        ClusterConfigResource.known(name);
        return changes.alter(request, ConfigTarget.broker(brokerId), set, List.of(ConfigOp.delete(name)), validateOnly);
    }

    private BrokerImage broker(String clusterId, int brokerId) {
        BrokerImage broker = current.image(clusterId).brokers().get(brokerId);
        if (broker == null) {
            throw V3Exception.notFound("There is no broker " + brokerId + ".");
        }
        return broker;
    }

    static Location configs(Location cluster, int brokerId) {
        return cluster.collection("brokers").child("broker", brokerId).collection("configs");
    }
}
