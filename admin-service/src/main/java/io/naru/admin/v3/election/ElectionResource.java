package io.naru.admin.v3.election;

import io.naru.admin.lease.ControllerThread;
import io.naru.admin.v3.CollectionMetadata;
import io.naru.admin.v3.CurrentCluster;
import io.naru.admin.v3.Decide;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.Outcome;
import io.naru.cluster.control.ElectLeaders;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Elects leaders (KIP-183, KIP-460). */
@RestController
@Tag(name = "Leader election", description = "Leaders of partitions, elected on demand.")
class ElectionResource {

    private final CurrentCluster current;
    private final ControllerThread controller;

    ElectionResource(CurrentCluster current, ControllerThread controller) {
        this.current = current;
        this.controller = controller;
    }

    @PostMapping(
            path = "/v3/clusters/{cluster_id}/topics/-/partitions/-/leader:elect",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "electKafkaLeaders",
            summary = "Elect leaders",
            description =
                    "Each partition on its own. Without partitions all that need it, and only they are in the answer.")
    @ApiResponse(
            responseCode = "200",
            description = "All elected.",
            content = @Content(schema = @Schema(implementation = ElectionDataList.class)))
    @ApiResponse(
            responseCode = "207",
            description = "Some elected; the others have an error_code.",
            content = @Content(schema = @Schema(implementation = ElectionDataList.class)))
    CompletableFuture<ResponseEntity<ElectionDataList>> elect(
            @PathVariable("cluster_id") String clusterId,
            @RequestBody ElectionRequest body,
            HttpServletRequest request) {
        current.image(clusterId);
        ElectLeaders wanted = body.toControlPlane();
        Location cluster = Location.cluster(request, clusterId);
        return Decide.on(
                        controller,
                        request,
                        body.isValidateOnly(),
                        "elect_leaders",
                        (c, nowMs) -> c.electLeaders(wanted)
                                .map((results, next) -> results.results().stream()
                                        .map(result -> ElectionData.of(next.image(), result, cluster))
                                        .toList()))
                .thenApply(elections -> answer(elections, cluster));
    }

    private static ResponseEntity<ElectionDataList> answer(List<ElectionData> elections, Location cluster) {
        boolean all = elections.stream().allMatch(election -> election.errorCode() == Outcome.DONE);
        String self = cluster.collection("topics/-/partitions/-/leader:elect").url();
        return ResponseEntity.status(all ? HttpStatus.OK : HttpStatus.MULTI_STATUS)
                .body(new ElectionDataList("KafkaLeaderElectionList", new CollectionMetadata(self, null), elections));
    }
}
