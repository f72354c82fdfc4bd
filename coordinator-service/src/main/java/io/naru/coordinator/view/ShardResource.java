package io.naru.coordinator.view;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.ShardImage;
import io.naru.coordinator.shard.ShardTable;
import io.naru.coordinator.view.GroupAnswers.Shard;
import io.naru.coordinator.view.GroupAnswers.Shards;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Collection;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/shards}. */
@RestController
@RequestMapping(path = "/v1/shards", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Shards", description = "Which coordinator has which part of __consumer_offsets.")
class ShardResource {

    private final ShardTable shards;
    private final ClusterView cluster;

    ShardResource(ShardTable shards, ClusterView cluster) {
        this.shards = shards;
        this.cluster = cluster;
    }

    @GetMapping
    @Operation(operationId = "listShards", summary = "List all shards of the cluster with their owners")
    Shards list() {
        Collection<Integer> loading = shards.loading();
        List<ShardImage> all = cluster.image().map(ClusterImage::shards).orElse(List.of());
        return new Shards(all.stream().map(shard -> shard(shard, loading)).toList());
    }

    private Shard shard(ShardImage shard, Collection<Integer> loading) {
        boolean owned = shard.coordinatorId() != ShardImage.UNOWNED;
        String state;
        if (!owned) {
            state = "unowned";
        } else if (loading.contains(shard.shard())) {
            state = "loading";
        } else {
            state = shards.owns(shard.shard()) ? "serving" : "elsewhere";
        }
        return new Shard(shard.shard(), owned ? shard.coordinatorId() : null, shard.epoch(), state);
    }
}
