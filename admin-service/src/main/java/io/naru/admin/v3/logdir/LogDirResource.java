package io.naru.admin.v3.logdir;

import io.naru.admin.kafka.ClusterAdmin;
import io.naru.admin.v3.CurrentCluster;
import io.naru.admin.v3.Futures;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.Page;
import io.naru.admin.v3.PageRequest;
import io.naru.admin.v3.V3Exception;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code …/brokers/{broker_id}/log-dirs}: asked of the brokers. */
@RestController
@RequestMapping(path = "/v3/clusters/{cluster_id}/brokers", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Log directory", description = "Data directories of brokers, and the replicas in them.")
class LogDirResource {

    private final CurrentCluster current;
    private final ClusterAdmin admin;

    LogDirResource(CurrentCluster current, ClusterAdmin admin) {
        this.current = current;
        this.admin = admin;
    }

    private record Directory(int broker, String path, LogDirDescription description) {
        String key() {
            return PageRequest.ordered(broker) + path;
        }
    }

    @GetMapping("/{broker_id}/log-dirs")
    @Operation(operationId = "listKafkaLogDirs", summary = "List a broker's data directories")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = LogDirDataList.class)))
    CompletableFuture<LogDirDataList> list(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("broker_id") int brokerId,
            PageRequest page,
            HttpServletRequest request) {
        BrokerImage broker = current.image(clusterId).brokers().get(brokerId);
        if (broker == null || broker.fenced()) {
            throw V3Exception.notFound("There is no live broker " + brokerId + ".");
        }
        return list(clusterId, List.of(brokerId), Integer.toString(brokerId), page, request);
    }

    @GetMapping("/-/log-dirs")
    @Operation(
            operationId = "listKafkaAllBrokersLogDirs",
            summary = "List the data directories of all brokers",
            description = "Of those that live.")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = LogDirDataList.class)))
    CompletableFuture<LogDirDataList> all(
            @PathVariable("cluster_id") String clusterId, PageRequest page, HttpServletRequest request) {
        List<Integer> live = current.image(clusterId).liveBrokers().stream()
                .map(BrokerImage::id)
                .toList();
        return list(clusterId, live, "-", page, request);
    }

    private CompletableFuture<LogDirDataList> list(
            String clusterId, List<Integer> brokers, String place, PageRequest page, HttpServletRequest request) {
        ClusterImage image = current.image(clusterId);
        Location cluster = Location.cluster(request, clusterId);
        return Futures.all(admin.askEach(
                        image, client -> client.describeLogDirs(brokers).descriptions()))
                .thenApply(described -> {
                    List<Directory> all = new ArrayList<>();
                    described.forEach((broker, directories) -> directories.forEach(
                            (path, description) -> all.add(new Directory(broker, path, description))));
                    Page<Directory> found = page.of(all, Directory::key);
                    return new LogDirDataList(
                            "KafkaLogDirList",
                            found.metadata(cluster.collection("brokers/" + place + "/log-dirs")),
                            found.map(directory -> LogDirData.of(
                                    clusterId, directory.broker, directory.path, directory.description, cluster)));
                });
    }
}
