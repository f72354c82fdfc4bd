package io.naru.coordinator.group.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A group as people look at it, of either protocol.
 *
 * @param type         {@code consumer} or {@code classic}
 * @param state        as Kafka names it
 * @param epoch        group epoch; generation of a classic group
 * @param assignor     who assigns; null while nobody does
 * @param leader       member that assigns in a classic group
 * @param membersCount how many members
 * @param members      the members; none in lists
 */
public record GroupView(
        String groupId,
        String type,
        String protocolType,
        String state,
        int epoch,
        @Nullable String assignor,
        @Nullable String leader,
        int membersCount,
        List<Member> members) {

    /**
     * A member.
     *
     * @param epoch      epoch it has reached; in a classic group, the generation
     * @param topics     topics it subscribes to by name
     * @param regex      pattern it subscribes by
     * @param assignment what it may read
     * @param target     what it is to read in the end
     */
    public record Member(
            String memberId,
            @Nullable String instanceId,
            String clientId,
            String clientHost,
            int epoch,
            List<String> topics,
            @Nullable String regex,
            List<Partitions> assignment,
            List<Partitions> target) {}

    /** Partitions of a topic. */
    public record Partitions(String topic, List<Integer> partitions) {}

    /**
     * A committed offset.
     *
     * @param memberId who reads the partition at present, if anyone does
     */
    public record Offset(
            String topic,
            int partition,
            long offset,
            int leaderEpoch,
            String metadata,
            long committedAtMs,
            @Nullable String memberId) {}

    /** Without its members. */
    GroupView summary() {
        return new GroupView(groupId, type, protocolType, state, epoch, assignor, leader, membersCount, List.of());
    }
}
