package io.naru.coordinator.view;

import io.naru.coordinator.group.history.GroupRebalance;
import io.naru.coordinator.group.view.GroupView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bodies of the answers. */
final class GroupAnswers {

    private GroupAnswers() {}

    /** A page of groups. */
    @Schema(name = "GroupList")
    record GroupList(
            List<GroupSummary> groups,

            @Schema(description = "Ask with after= this for the next page; null on the last.") @Nullable
            String next,

            @Schema(
                    description =
                            "Shards of the cluster that this coordinator owns and has loaded: these are their groups.")
            int shardsServed,

            @Schema(description = "Shards of the cluster. When fewer are served, other coordinators have the others.")
            int shardsTotal) {}

    /** A group in a list. */
    @Schema(name = "GroupSummary")
    record GroupSummary(String groupId, String type, String protocolType, String state, int epoch, int members) {

        static GroupSummary of(GroupView group) {
            return new GroupSummary(
                    group.groupId(),
                    group.type(),
                    group.protocolType(),
                    group.state(),
                    group.epoch(),
                    group.membersCount());
        }
    }

    /** A group. */
    @Schema(name = "Group")
    record Group(
            String groupId,

            @Schema(description = "consumer (KIP-848) or classic")
            String type,

            String protocolType,

            @Schema(description = "As Kafka names it: Empty, Stable, …")
            String state,

            @Schema(description = "Group epoch; generation of a classic group")
            int epoch,

            @Schema(description = "Who assigns; null while nobody does") @Nullable
            String assignor,

            @Schema(description = "Member that assigns in a classic group") @Nullable
            String leader,

            @Schema(description = "Partition of __consumer_offsets that the group lives in")
            int shard,

            List<GroupView.Member> members) {

        static Group of(GroupView group, int shard) {
            return new Group(
                    group.groupId(),
                    group.type(),
                    group.protocolType(),
                    group.state(),
                    group.epoch(),
                    group.assignor(),
                    group.leader(),
                    shard,
                    group.members());
        }
    }

    /** What a group has committed. */
    @Schema(name = "CommittedOffsets")
    record Offsets(String groupId, List<Offset> offsets) {}

    /** A committed offset. */
    @Schema(name = "CommittedOffset")
    record Offset(
            String topic,
            int partition,
            @Schema(description = "Next offset to read") long offset,

            @Schema(description = "Leader epoch of the last record read; -1 when not told")
            int leaderEpoch,

            @Schema(description = "The client's own note") String metadata,
            Instant committedAt,

            @Schema(description = "Who reads the partition at present; null for nobody") @Nullable
            String memberId) {

        static Offset of(GroupView.Offset offset) {
            return new Offset(
                    offset.topic(),
                    offset.partition(),
                    offset.offset(),
                    offset.leaderEpoch(),
                    offset.metadata(),
                    Instant.ofEpochMilli(offset.committedAtMs()),
                    offset.memberId());
        }
    }

    /** How far a group is behind. */
    @Schema(name = "GroupLag")
    record Lag(
            String groupId,

            @Schema(description = "All partitions together, those that could be asked")
            long totalLag,

            @Schema(description = "The largest of one partition")
            long maxLag,

            @Schema(description = "The largest of one partition; null when none is known") @Nullable
            Double maxLagSeconds,

            List<PartitionLag> partitions) {

        static Lag of(String groupId, List<PartitionLag> partitions) {
            long total = 0;
            long max = 0;
            Double seconds = null;
            for (PartitionLag partition : partitions) {
                long lag = partition.lag() == null ? 0 : partition.lag();
                total += lag;
                max = Math.max(max, lag);
                Double its = partition.lagSeconds();
                if (its != null && (seconds == null || its > seconds)) {
                    seconds = its;
                }
            }
            return new Lag(groupId, total, max, seconds, partitions);
        }
    }

    /** A group's past. */
    @Schema(name = "Rebalances")
    record Rebalances(
            String groupId,

            @Schema(description = "Newest first; only what this coordinator has seen since it took the group over")
            List<Rebalance> rebalances) {}

    /** A rebalance. */
    @Schema(name = "Rebalance")
    record Rebalance(
            @Schema(description = "Group epoch or generation that it led to")
            int epoch,

            @Schema(description = "What set it off") String reason,
            Instant startedAt,

            @Schema(description = "Null while it goes on") @Nullable
            Instant endedAt,

            @Schema(description = "Until its end, or until now")
            long durationMs,

            @Schema(description = "Members at its end") int members) {

        static Rebalance of(GroupRebalance rebalance, long nowMs) {
            boolean open = rebalance.endedMs() == GroupRebalance.NOT_ENDED;
            return new Rebalance(
                    rebalance.epoch(),
                    rebalance.reason(),
                    Instant.ofEpochMilli(rebalance.startedMs()),
                    open ? null : Instant.ofEpochMilli(rebalance.endedMs()),
                    (open ? nowMs : rebalance.endedMs()) - rebalance.startedMs(),
                    rebalance.members());
        }
    }

    /** Who has which shard. */
    @Schema(name = "Shards")
    record Shards(List<Shard> shards) {}

    /** A shard. */
    @Schema(name = "Shard")
    record Shard(
            @Schema(description = "Partition of __consumer_offsets")
            int shard,

            @Schema(description = "Coordinator that owns it; null for none") @Nullable
            Integer coordinatorId,

            @Schema(description = "Ownership epoch") int epoch,

            @Schema(description = "serving or loading here, elsewhere, or unowned")
            String state) {}
}
