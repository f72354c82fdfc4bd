package io.naru.admin.v3.group;

import io.naru.admin.Actors;
import io.naru.admin.controller.Note;
import io.naru.admin.kafka.ClusterAdmin;
import io.naru.admin.v3.CurrentCluster;
import io.naru.admin.v3.Location;
import io.naru.admin.v3.NameFilter;
import io.naru.admin.v3.Page;
import io.naru.admin.v3.PageRequest;
import io.naru.admin.v3.V3Exception;
import io.naru.admin.v3.history.OutsideChanges;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.control.Actor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v3/clusters/{cluster_id}/consumer-groups}. */
@RestController
@RequestMapping(path = "/v3/clusters/{cluster_id}/consumer-groups", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Consumer group", description = "Consumer groups, their members, assignments and lags.")
class GroupResource {

    private final CurrentCluster current;
    private final ClusterAdmin admin;
    private final GroupReader groups;
    private final OutsideChanges history;

    GroupResource(CurrentCluster current, ClusterAdmin admin, GroupReader groups, OutsideChanges history) {
        this.current = current;
        this.admin = admin;
        this.groups = groups;
        this.history = history;
    }

    @GetMapping
    @Operation(operationId = "listKafkaConsumerGroups", summary = "List consumer groups")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = GroupDataList.class)))
    CompletableFuture<GroupDataList> list(
            @PathVariable("cluster_id") String clusterId,
            @RequestParam(name = "prefix", required = false) @Nullable String prefix,
            @RequestParam(name = "pattern", required = false) @Nullable String pattern,
            @RequestParam(name = "state", required = false) @Nullable GroupState state,
            @RequestParam(name = "type", required = false) @Nullable GroupType type,
            PageRequest page,
            HttpServletRequest request) {
        ClusterImage image = current.image(clusterId);
        NameFilter names = new NameFilter(prefix, pattern);
        Location cluster = Location.cluster(request, clusterId);
        return groups.list(image).thenCompose(all -> {
            Page<GroupListing> found = page.of(
                    all.stream()
                            .filter(group -> names.admits(group.groupId()))
                            .filter(group -> state == null || group.groupState().orElse(GroupState.UNKNOWN) == state)
                            .filter(group -> type == null || group.type().orElse(GroupType.UNKNOWN) == type)
                            .toList(),
                    GroupListing::groupId);
            List<String> ids = found.map(GroupListing::groupId);
            return groups.describe(image, ids)
                    .thenApply(described -> new GroupDataList(
                            "KafkaConsumerGroupList",
                            found.metadata(cluster.collection("consumer-groups")),
                            ids.stream()
                                    .map(described::get)
                                    .filter(Objects::nonNull)
                                    .map(group -> GroupData.of(clusterId, group, cluster))
                                    .toList()));
        });
    }

    @GetMapping("/{consumer_group_id}")
    @Operation(operationId = "getKafkaConsumerGroup", summary = "Get a consumer group")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = GroupData.class)))
    CompletableFuture<GroupData> get(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("consumer_group_id") String groupId,
            HttpServletRequest request) {
        Location cluster = Location.cluster(request, clusterId);
        return groups.describe(current.image(clusterId), groupId)
                .thenApply(group -> GroupData.of(clusterId, group, cluster));
    }

    @DeleteMapping("/{consumer_group_id}")
    @Operation(
            operationId = "deleteKafkaConsumerGroup",
            summary = "Delete a consumer group",
            description = "With its offsets. Refused while it has members.")
    @ApiResponse(responseCode = "204", description = "Deleted.", content = @Content)
    CompletableFuture<ResponseEntity<Void>> delete(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("consumer_group_id") String groupId,
            @RequestParam(name = "validate_only", defaultValue = "false") boolean validateOnly,
            HttpServletRequest request) {
        ClusterImage image = current.image(clusterId);
        CompletableFuture<?> done = validateOnly
                ? groups.describe(image, groupId).thenAccept(group -> {
                    if (!group.members().isEmpty()) {
                        throw V3Exception.of(Errors.NON_EMPTY_GROUP, "The group has members; it is not empty.");
                    }
                })
                : delete(image, groupId, Actors.ofUser(request));
        return done.thenApply(deleted -> ResponseEntity.noContent().build());
    }

    private CompletableFuture<Boolean> delete(ClusterImage image, String groupId, Actor actor) {
        return groups.committed(image, groupId)
                .exceptionally(unknown -> Collections.emptySortedMap())
                .thenCompose(committed -> admin.ask(
                                image,
                                client -> client.deleteConsumerGroups(List.of(groupId))
                                        .all())
                        .thenCompose(gone -> history.noted(
                                new Note(
                                        actor,
                                        Note.Action.DELETE,
                                        Note.Kind.GROUP,
                                        groupId,
                                        Groups.told(committed),
                                        Map.of()),
                                true)));
    }
}
