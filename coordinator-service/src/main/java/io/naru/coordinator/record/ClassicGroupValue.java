package io.naru.coordinator.record;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A group of the classic protocol at one generation.
 *
 * @param protocolType            {@code consumer} for consumers
 * @param generation              generation id
 * @param protocol                assignor chosen, or null in an empty group
 * @param leader                  member id of the leader, or null in an empty group
 * @param currentStateTimestampMs when the group came into its state, or −1
 * @param members                 its members
 */
public record ClassicGroupValue(
        String protocolType,
        int generation,
        @Nullable String protocol,
        @Nullable String leader,
        long currentStateTimestampMs,
        List<Member> members) {

    /** Copies the list. */
    public ClassicGroupValue {
        members = List.copyOf(members);
    }

    /**
     * A member of a classic group.
     *
     * @param memberId           given by the coordinator
     * @param groupInstanceId    name of a static member, or null
     * @param clientId           what its client calls itself
     * @param clientHost         address it connected from
     * @param rebalanceTimeoutMs how long it may take to join again
     * @param sessionTimeoutMs   how long it may stay silent
     * @param subscription       what it subscribes to, in the protocol chosen
     * @param assignment         what the leader gave it
     */
    public record Member(
            String memberId,
            @Nullable String groupInstanceId,
            String clientId,
            String clientHost,
            int rebalanceTimeoutMs,
            int sessionTimeoutMs,
            Bytes subscription,
            Bytes assignment) {}
}
