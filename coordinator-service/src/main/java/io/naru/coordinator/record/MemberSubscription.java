package io.naru.coordinator.record;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a member of a consumer group has said about itself.
 *
 * @param instanceId         name of a static member, or null
 * @param rackId             where it runs, or null
 * @param clientId           what its client calls itself
 * @param clientHost         address it connected from
 * @param topicNames         topics it subscribes to by name
 * @param topicRegex         pattern it subscribes by, or null
 * @param rebalanceTimeoutMs how long it may take to give partitions up
 * @param serverAssignor     assignor it asks for, or null for any
 * @param classic            what a member of the classic protocol in an upgraded group has said, or null
 */
public record MemberSubscription(
        @Nullable String instanceId,
        @Nullable String rackId,
        String clientId,
        String clientHost,
        SortedSet<String> topicNames,
        @Nullable String topicRegex,
        int rebalanceTimeoutMs,
        @Nullable String serverAssignor,
        @Nullable ClassicMemberMetadata classic) {

    /** Copies the names. */
    public MemberSubscription {
        topicNames = Collections.unmodifiableSortedSet(new TreeSet<>(topicNames));
    }

    /**
     * A classic member's own words.
     *
     * @param sessionTimeoutMs its session timeout
     * @param protocols        the assignors it supports, the one it likes best first
     */
    public record ClassicMemberMetadata(int sessionTimeoutMs, List<ClassicProtocol> protocols) {

        /** Copies the list. */
        public ClassicMemberMetadata {
            protocols = List.copyOf(protocols);
        }
    }

    /**
     * One assignor of a classic member.
     *
     * @param name     as clients call it
     * @param metadata its subscription, in the consumer protocol
     */
    public record ClassicProtocol(String name, Bytes metadata) {}
}
