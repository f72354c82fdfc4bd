package io.naru.coordinator.kafka;

import io.naru.cluster.ClusterImage;
import io.naru.coordinator.shard.ShardTable;
import io.naru.protocol.server.RequestHandler;
import java.util.List;
import java.util.function.Supplier;

/** The handlers of a coordinator, wherever they are to live. */
public final class CoordinatorHandlers {

    private CoordinatorHandlers() {}

    /**
     * The handlers of group requests.
     *
     * @param image the newest one
     */
    public static List<RequestHandler<?>> ofGroups(ShardTable shards, Supplier<ClusterImage> image) {
        return List.of(
                new ConsumerGroupHeartbeatHandler(shards),
                new JoinGroupHandler(shards),
                new SyncGroupHandler(shards),
                new HeartbeatHandler(shards),
                new LeaveGroupHandler(shards),
                new ConsumerGroupDescribeHandler(shards),
                new OffsetCommitHandler(shards),
                new OffsetFetchHandler(shards),
                new OffsetDeleteHandler(shards),
                new DeleteGroupsHandler(shards),
                new ListGroupsHandler(shards),
                new DescribeGroupsHandler(shards),
                new FindCoordinatorHandler(image));
    }
}
