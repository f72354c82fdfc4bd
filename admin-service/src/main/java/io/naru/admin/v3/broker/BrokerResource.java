package io.naru.admin.v3.broker;

import io.naru.admin.v3.CurrentCluster;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.V3Exception;
import io.naru.cluster.BrokerImage;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v3/clusters/{cluster_id}/brokers}. */
@RestController
@RequestMapping(path = "/v3/clusters/{cluster_id}/brokers", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Broker", description = "Brokers, as clients reach them.")
class BrokerResource {

    private final CurrentCluster current;

    BrokerResource(CurrentCluster current) {
        this.current = current;
    }

    @GetMapping
    @Operation(operationId = "listKafkaBrokers", summary = "List live brokers")
    BrokerDataList list(@PathVariable("cluster_id") String clusterId, HttpServletRequest request) {
        Location brokers = Location.cluster(request, clusterId).collection("brokers");
        return new BrokerDataList(
                "KafkaBrokerList",
                brokers.listMetadata(),
                current.image(clusterId).liveBrokers().stream()
                        .map(broker -> BrokerData.of(clusterId, broker, brokers))
                        .toList());
    }

    @GetMapping("/{broker_id}")
    @Operation(operationId = "getKafkaBroker", summary = "Get a live broker")
    BrokerData get(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("broker_id") int brokerId,
            HttpServletRequest request) {
        BrokerImage broker = current.image(clusterId).brokers().get(brokerId);
        if (broker == null || broker.fenced()) {
            throw V3Exception.notFound("There is no live broker " + brokerId + ".");
        }
        return BrokerData.of(
                clusterId, broker, Location.cluster(request, clusterId).collection("brokers"));
    }
}
