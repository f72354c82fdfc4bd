package io.naru.coordinator.view;

import io.naru.cluster.GroupShards;
import io.naru.coordinator.group.GroupShard;
import io.naru.coordinator.group.state.Outcome;
import io.naru.coordinator.group.view.GroupView;
import io.naru.coordinator.shard.ShardTable;
import io.naru.coordinator.view.GroupAnswers.Group;
import io.naru.coordinator.view.GroupAnswers.GroupList;
import io.naru.coordinator.view.GroupAnswers.GroupSummary;
import io.naru.coordinator.view.GroupAnswers.Lag;
import io.naru.coordinator.view.GroupAnswers.Offset;
import io.naru.coordinator.view.GroupAnswers.Offsets;
import io.naru.coordinator.view.GroupAnswers.Rebalance;
import io.naru.coordinator.view.GroupAnswers.Rebalances;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/groups}. A group that lives with another coordinator is answered with a redirect to it. */
@RestController
@RequestMapping(path = "/v1/groups", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Groups", description = "Groups of both protocols: members, assignments, offsets, lag, rebalances.")
class GroupResource {

    private static final int LIMIT_MAX = 1_000;

    private final ShardTable shards;
    private final LagReader lags;

    GroupResource(ShardTable shards, LagReader lags) {
        this.shards = shards;
        this.lags = lags;
    }

    @GetMapping
    @Operation(
            operationId = "listGroups",
            summary = "List the groups of the shards that this coordinator serves, by id")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = GroupList.class)))
    CompletableFuture<GroupList> list(
            @Parameter(description = "Only groups in this state, as Kafka names it, in any letter case")
                    @RequestParam(name = "state", required = false)
                    @Nullable
                    String state,
            @Parameter(description = "Only groups of this type: consumer or classic")
                    @RequestParam(name = "type", required = false)
                    @Nullable
                    String type,
            @Parameter(description = "Only groups whose id begins so") @RequestParam(name = "prefix", defaultValue = "")
                    String prefix,
            @Parameter(description = "Only groups after this id") @RequestParam(name = "after", defaultValue = "")
                    String after,
            @Parameter(description = "At most so many, 1 to 1000") @RequestParam(name = "limit", defaultValue = "100")
                    int limit) {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw new BadParameterException("limit is " + limit + ", not 1 to " + LIMIT_MAX);
        }
        List<CompletableFuture<List<GroupView>>> asked =
                shards.<List<GroupView>>submitToAll((groups, now) -> Outcome.answer(groups.view())).stream()
                        .map(answer -> answer.exceptionally(notLoaded -> null))
                        .toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> {
                    List<List<GroupView>> served = asked.stream()
                            .map(CompletableFuture::join)
                            .filter(groups -> groups != null)
                            .toList();
                    Stream<GroupSummary> matching = served.stream()
                            .flatMap(List::stream)
                            .filter(group -> group.groupId().startsWith(prefix)
                                    && group.groupId().compareTo(after) > 0
                                    && (state == null || group.state().equalsIgnoreCase(state))
                                    && (type == null || group.type().equalsIgnoreCase(type)))
                            .sorted(Comparator.comparing(GroupView::groupId))
                            .map(GroupSummary::of);
                    return page(matching.limit(limit + 1L).toList(), limit, served.size());
                });
    }

    private GroupList page(List<GroupSummary> found, int limit, int served) {
        boolean more = found.size() > limit;
        List<GroupSummary> page = more ? new ArrayList<>(found.subList(0, limit)) : found;
        return new GroupList(page, more ? page.get(limit - 1).groupId() : null, served, shards.total());
    }

    @GetMapping("/{group}")
    @Operation(operationId = "getGroup", summary = "Get a group with its members and their assignments")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = Group.class)))
    CompletableFuture<Group> get(@PathVariable("group") String groupId) {
        return ask(groupId, groups -> groups.view(groupId))
                .thenApply(group ->
                        Group.of(existing(group, groupId), GroupShards.shardFor(groupId, Math.max(1, shards.total()))));
    }

    @GetMapping("/{group}/offsets")
    @Operation(operationId = "listGroupOffsets", summary = "List what a group has committed")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = Offsets.class)))
    CompletableFuture<Offsets> offsets(@PathVariable("group") String groupId) {
        return committed(groupId)
                .thenApply(offsets ->
                        new Offsets(groupId, offsets.stream().map(Offset::of).toList()));
    }

    @GetMapping("/{group}/lag")
    @Operation(operationId = "getGroupLag", summary = "Get how far a group is behind, in records and in seconds")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = Lag.class)))
    CompletableFuture<Lag> lag(@PathVariable("group") String groupId) {
        return committed(groupId).thenCompose(lags::read).thenApply(lag -> Lag.of(groupId, lag));
    }

    @GetMapping("/{group}/rebalances")
    @Operation(
            operationId = "listGroupRebalances",
            summary = "List a group's last rebalances, with reason and duration")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = Rebalances.class)))
    CompletableFuture<Rebalances> rebalances(@PathVariable("group") String groupId) {
        return ask(groupId, groups -> groups.view(groupId).map(group -> groups.rebalances(groupId)))
                .thenApply(rebalances -> new Rebalances(
                        groupId,
                        existing(rebalances, groupId).stream()
                                .map(rebalance -> Rebalance.of(rebalance, shards.nowMs()))
                                .toList()));
    }

    private CompletableFuture<List<GroupView.Offset>> committed(String groupId) {
        return ask(groupId, groups -> groups.view(groupId).map(group -> groups.offsets(groupId)))
                .thenApply(offsets -> existing(offsets, groupId));
    }

    private <R> CompletableFuture<R> ask(String groupId, Function<GroupShard, R> question) {
        return shards.submit(groupId, (groups, now) -> Outcome.answer(question.apply(groups)));
    }

    private static <R> R existing(Optional<R> found, String groupId) {
        return found.orElseThrow(() -> new NoSuchGroupException("There is no group '" + groupId + "'."));
    }
}
