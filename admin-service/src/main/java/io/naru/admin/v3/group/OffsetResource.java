package io.naru.admin.v3.group;

import io.naru.admin.Actors;
import io.naru.admin.v3.CollectionMetadata;
import io.naru.admin.v3.CurrentCluster;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.history.OutsideChanges;
import io.naru.cluster.control.Actor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.CompletableFuture;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** {@code …/consumer-groups/{consumer_group_id}/offsets}: where groups go on. */
@RestController
@Tag(name = "Consumer group")
class OffsetResource {

    private final CurrentCluster current;
    private final OffsetReset reset;
    private final OutsideChanges history;

    OffsetResource(CurrentCluster current, OffsetReset reset, OutsideChanges history) {
        this.current = current;
        this.reset = reset;
        this.history = history;
    }

    @PostMapping(
            path = "/v3/clusters/{cluster_id}/consumer-groups/{consumer_group_id}/offsets:reset",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "resetKafkaConsumerGroupOffsets",
            summary = "Reset a group's offsets",
            description =
                    "All or nothing, and only while the group has no members. A group that does not exist is made.")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = OffsetDataList.class)))
    CompletableFuture<OffsetDataList> reset(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("consumer_group_id") String groupId,
            @RequestBody ResetOffsetsRequest body,
            HttpServletRequest request) {
        Location cluster = Location.cluster(request, clusterId);
        ResetOffsetsRequest wanted = body.checked();
        Actor actor = Actors.ofUser(request);
        return reset.reset(current.image(clusterId), groupId, wanted)
                .thenCompose(moved -> wanted.isValidateOnly() || moved.isEmpty()
                        ? CompletableFuture.completedFuture(moved)
                        : history.noted(OffsetReset.note(actor, groupId, moved), moved))
                .thenApply(moved -> new OffsetDataList(
                        "KafkaConsumerGroupOffsetList",
                        new CollectionMetadata(Groups.group(cluster, groupId).url() + "/lags", null),
                        moved.entrySet().stream()
                                .map(entry -> OffsetData.of(
                                        clusterId,
                                        groupId,
                                        entry.getKey(),
                                        entry.getValue().previous(),
                                        entry.getValue().offset(),
                                        cluster))
                                .toList()));
    }
}
