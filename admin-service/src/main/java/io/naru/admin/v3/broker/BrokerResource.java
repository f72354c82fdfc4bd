package io.naru.admin.v3.broker;

import io.naru.admin.lease.ControllerThread;
import io.naru.admin.v3.CurrentCluster;
import io.naru.admin.v3.Decide;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.Page;
import io.naru.admin.v3.PageRequest;
import io.naru.admin.v3.V3Exception;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v3/clusters/{cluster_id}/brokers}. */
@RestController
@RequestMapping(path = "/v3/clusters/{cluster_id}/brokers", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Broker", description = "Brokers, as clients reach them.")
class BrokerResource {

    private final CurrentCluster current;
    private final ControllerThread controller;

    BrokerResource(CurrentCluster current, ControllerThread controller) {
        this.current = current;
        this.controller = controller;
    }

    @GetMapping
    @Operation(operationId = "listKafkaBrokers", summary = "List live brokers")
    BrokerDataList list(
            @PathVariable("cluster_id") String clusterId,
            @Parameter(description = "Only those of this rack.")
                    @RequestParam(name = "rack", required = false)
                    @Nullable
                    String rack,
            PageRequest page,
            HttpServletRequest request) {
        Location brokers = Location.cluster(request, clusterId).collection("brokers");
        Page<BrokerImage> found = page.of(
                current.image(clusterId).liveBrokers().stream()
                        .filter(broker -> rack == null || rack.equals(broker.rack()))
                        .toList(),
                broker -> PageRequest.ordered(broker.id()));
        return new BrokerDataList(
                "KafkaBrokerList",
                found.metadata(brokers),
                found.map(broker -> BrokerData.of(clusterId, broker, brokers)));
    }

    @GetMapping("/{broker_id}")
    @Operation(
            operationId = "getKafkaBroker",
            summary = "Get a live broker",
            description = "Or a live coordinator, under the node id that Kafka clients know it by (1000000 and up).")
    BrokerData get(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("broker_id") int brokerId,
            HttpServletRequest request) {
        ClusterImage image = current.image(clusterId);
        Location brokers = Location.cluster(request, clusterId).collection("brokers");
        BrokerImage broker = image.brokers().get(brokerId);
        if (broker != null && !broker.fenced()) {
            return BrokerData.of(clusterId, broker, brokers);
        }
        return CurrentCluster.coordinator(image, brokerId)
                .map(coordinator -> BrokerData.of(clusterId, brokerId, coordinator.kafka(), null, brokers))
                .orElseThrow(() -> V3Exception.notFound("There is no live broker " + brokerId + "."));
    }

    @DeleteMapping("/{broker_id}")
    @Operation(
            operationId = "unregisterKafkaBroker",
            summary = "Forget a broker that will not come back",
            description = "Refused while it lives, or holds replicas.")
    @ApiResponse(responseCode = "204", description = "It is registered no longer.", content = @Content)
    CompletableFuture<ResponseEntity<Void>> unregister(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("broker_id") int brokerId,
            @RequestParam(name = "validate_only", defaultValue = "false") boolean validateOnly,
            HttpServletRequest request) {
        current.image(clusterId);
        return Decide.on(
                        controller,
                        request,
                        validateOnly,
                        "unregister_broker",
                        (c, nowMs) -> c.unregisterBroker(brokerId))
                .thenApply(gone -> ResponseEntity.noContent().build());
    }
}
