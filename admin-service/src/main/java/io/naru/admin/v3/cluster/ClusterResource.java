package io.naru.admin.v3.cluster;

import io.naru.admin.v3.CurrentCluster;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.Page;
import io.naru.admin.v3.PageRequest;
import io.naru.cluster.ClusterImage;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v3/clusters}. */
@RestController
@RequestMapping(path = "/v3/clusters", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Cluster", description = "The cluster.")
class ClusterResource {

    private final CurrentCluster current;

    ClusterResource(CurrentCluster current) {
        this.current = current;
    }

    @GetMapping
    @Operation(
            operationId = "listKafkaClusters",
            summary = "List clusters",
            description = "The cluster that this admin-service administers, as a list of one.")
    ClusterDataList list(PageRequest page, HttpServletRequest request) {
        ClusterImage image = current.image();
        Page<ClusterImage> found = page.of(List.of(image), ClusterImage::clusterId);
        return new ClusterDataList(
                "KafkaClusterList",
                found.metadata(Location.clusters(request)),
                found.map(cluster -> ClusterData.of(cluster, Location.cluster(request, cluster.clusterId()))));
    }

    @GetMapping("/{cluster_id}")
    @Operation(operationId = "getKafkaCluster", summary = "Get a cluster")
    ClusterData get(@PathVariable("cluster_id") String clusterId, HttpServletRequest request) {
        return ClusterData.of(current.image(clusterId), Location.cluster(request, clusterId));
    }
}
