package io.naru.admin.v3.reassignment;

import io.naru.admin.lease.ControllerThread;
import io.naru.admin.v3.CurrentCluster;
import io.naru.admin.v3.Decide;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.PartitionFailures;
import io.naru.admin.v3.V3Exception;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.control.AlterReassignments;
import io.naru.cluster.control.PartitionName;
import io.naru.cluster.control.PartitionResult;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code …/partitions/{partition_id}/reassignment}: begins and cancels moves (KIP-455). */
@RestController
@RequestMapping(path = "/v3/clusters/{cluster_id}/topics", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Reassignment")
class ReassignmentChangeResource {

    private static final String ONE = "/{topic_name}/partitions/{partition_id}/reassignment";

    private final CurrentCluster current;
    private final ControllerThread controller;

    ReassignmentChangeResource(CurrentCluster current, ControllerThread controller) {
        this.current = current;
        this.controller = controller;
    }

    private record Outcome(List<PartitionResult> results, ClusterImage image) {}

    @PutMapping(path = ONE, consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "updateKafkaReassignment",
            summary = "Move a partition to other brokers",
            description =
                    "Replaces the target of a reassignment under way. The new replicas are added; once they are in sync the"
                            + " others go. Answered at once with what was begun.")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = ReassignmentData.class)))
    CompletableFuture<ReassignmentData> put(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @PathVariable("partition_id") int partitionId,
            @RequestBody ReassignmentRequest body,
            HttpServletRequest request) {
        current.partition(clusterId, topicName, partitionId);
        PartitionName name = new PartitionName(topicName, partitionId);
        Location cluster = Location.cluster(request, clusterId);
        AlterReassignments wanted = new AlterReassignments(List.of(body.toControlPlane(name)), body.mayChangeFactor());
        return alter(wanted, body.isValidateOnly(), request).thenApply(outcome -> {
            check(outcome.results().get(0));
            PartitionImage partition =
                    outcome.image().partition(topicName, partitionId).orElseThrow();
            return ReassignmentData.of(clusterId, topicName, partition, cluster);
        });
    }

    @DeleteMapping(ONE)
    @Operation(
            operationId = "cancelKafkaReassignment",
            summary = "Cancel a partition's reassignment",
            description = "The replicas that it was adding go.")
    @ApiResponse(responseCode = "204", description = "Cancelled.", content = @Content)
    CompletableFuture<ResponseEntity<Void>> delete(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @PathVariable("partition_id") int partitionId,
            @RequestParam(name = "validate_only", defaultValue = "false") boolean validateOnly,
            HttpServletRequest request) {
        current.partition(clusterId, topicName, partitionId);
        AlterReassignments wanted = new AlterReassignments(
                List.of(new AlterReassignments.Reassignment(new PartitionName(topicName, partitionId), null)), true);
        return alter(wanted, validateOnly, request).thenApply(outcome -> {
            PartitionResult result = outcome.results().get(0);
            if (result.errorCode() == Errors.NO_REASSIGNMENT_IN_PROGRESS.code()) {
                throw V3Exception.notFound(String.valueOf(result.message()));
            }
            check(result);
            return ResponseEntity.noContent().build();
        });
    }

    @PostMapping(path = "/-/partitions/-/reassignment:alter", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "alterKafkaReassignments",
            summary = "Begin and cancel many reassignments",
            description = "Each on its own: those that fail are named in the answer, the others are done.")
    @ApiResponse(responseCode = "204", description = "All done.", content = @Content)
    @ApiResponse(
            responseCode = "207",
            description = "All but those that are named.",
            content = @Content(schema = @Schema(implementation = PartitionFailures.class)))
    CompletableFuture<ResponseEntity<@Nullable PartitionFailures>> alter(
            @PathVariable("cluster_id") String clusterId,
            @RequestBody AlterReassignmentsRequest body,
            HttpServletRequest request) {
        current.image(clusterId);
        return alter(body.toControlPlane(), body.isValidateOnly(), request)
                .thenApply(outcome -> PartitionFailures.answer(outcome.results()));
    }

    private CompletableFuture<Outcome> alter(
            AlterReassignments wanted, boolean validateOnly, HttpServletRequest request) {
        return Decide.on(
                controller,
                request,
                validateOnly,
                "alter_reassignments",
                (c, nowMs) -> c.alterReassignments(wanted)
                        .map((results, next) -> new Outcome(results.results(), next.image())));
    }

    private static void check(PartitionResult result) {
        if (result.errorCode() != 0) {
            throw V3Exception.of(Errors.forCode(result.errorCode()), String.valueOf(result.message()));
        }
    }
}
