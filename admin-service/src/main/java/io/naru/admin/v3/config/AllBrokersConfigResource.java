package io.naru.admin.v3.config;

import io.naru.admin.v3.CurrentCluster;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.Page;
import io.naru.admin.v3.PageRequest;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code …/brokers/-/configs}: configs of all brokers that live. */
@RestController
@Tag(name = "Configs")
class AllBrokersConfigResource {

    private final CurrentCluster current;
    private final BrokerConfigReader brokers;

    AllBrokersConfigResource(CurrentCluster current, BrokerConfigReader brokers) {
        this.current = current;
        this.brokers = brokers;
    }

    private record OfBroker(int broker, ConfigView config) {
        String key() {
            return PageRequest.ordered(broker) + "/" + config.name();
        }
    }

    @GetMapping(path = "/v3/clusters/{cluster_id}/brokers/-/configs", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "listKafkaAllBrokersConfigs",
            summary = "List configs of all brokers",
            description = "Asked of every broker that lives.")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = BrokerConfigDataList.class)))
    CompletableFuture<BrokerConfigDataList> list(
            @PathVariable("cluster_id") String clusterId,
            @RequestParam(name = "prefix", required = false) @Nullable String prefix,
            @RequestParam(name = "pattern", required = false) @Nullable String pattern,
            @Parameter(description = "Only those that nobody has set, or only the others.")
                    @RequestParam(name = "is_default", required = false)
                    @Nullable
                    Boolean isDefault,
            PageRequest page,
            HttpServletRequest request) {
        ClusterImage image = current.image(clusterId);
        Location cluster = Location.cluster(request, clusterId);
        ConfigFilter filter = ConfigFilter.of(prefix, pattern, isDefault);
        List<Integer> live = image.liveBrokers().stream().map(BrokerImage::id).toList();
        return brokers.describe(image, live).thenApply(described -> {
            List<OfBroker> all = new ArrayList<>();
            described.forEach((id, configs) ->
                    configs.stream().filter(filter::admits).forEach(config -> all.add(new OfBroker(id, config))));
            Page<OfBroker> found = page.of(all, OfBroker::key);
            return new BrokerConfigDataList(
                    "KafkaBrokerConfigList",
                    found.metadata(cluster.collection("brokers/-/configs")),
                    found.map(one -> BrokerConfigData.of(
                            clusterId, one.broker, one.config, BrokerConfigResource.configs(cluster, one.broker))));
        });
    }
}
