package io.naru.admin.controller;

import io.naru.cluster.control.ReplicaName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What brokers say of themselves in heartbeats, beside being alive. Kept in memory only: they say it again in every heartbeat, so a new
 * controller knows it as soon as it knows them. Forgotten when a broker registers anew.
 */
final class BrokerReports {

    private static final long NOT_YET = -1;

    private final Map<Integer, Set<ReplicaName>> offline = new HashMap<>();
    private final Map<Integer, Long> seen = new HashMap<>();
    private final Map<Integer, Long> shuttingDown = new HashMap<>();
    private boolean news;

    /** Whether anything was said since {@link #settled} on which elections depend. */
    boolean news() {
        return news;
    }

    /** All that was said has been acted upon. */
    void settled() {
        news = false;
    }

    /** A new process, of which nothing is known. */
    void forget(int brokerId) {
        offline.remove(brokerId);
        seen.remove(brokerId);
        shuttingDown.remove(brokerId);
    }

    /** All replicas that the broker cannot serve. */
    void offline(int brokerId, List<ReplicaName> replicas) {
        Set<ReplicaName> now = Set.copyOf(replicas);
        Set<ReplicaName> before = now.isEmpty() ? offline.remove(brokerId) : offline.put(brokerId, now);
        news |= !now.equals(before == null ? Set.of() : before);
    }

    boolean isOffline(int brokerId, ReplicaName replica) {
        return offline.getOrDefault(brokerId, Set.of()).contains(replica);
    }

    /** Whether any replica is offline. */
    boolean anyOffline() {
        return !offline.isEmpty();
    }

    /** The image that the broker has applied. */
    void seen(int brokerId, long imageVersion) {
        seen.put(brokerId, imageVersion);
    }

    /** Whether the broker has told this controller anything. */
    boolean isHeard(int brokerId) {
        return seen.containsKey(brokerId);
    }

    boolean hasSeen(int brokerId, long imageVersion) {
        return seen.getOrDefault(brokerId, NOT_YET) >= imageVersion;
    }

    /**
     * The broker wants to stop.
     *
     * @return whether that is news
     */
    boolean wantsToStop(int brokerId) {
        boolean first = shuttingDown.putIfAbsent(brokerId, NOT_YET) == null;
        news |= first;
        return first;
    }

    boolean isShuttingDown(int brokerId) {
        return shuttingDown.containsKey(brokerId);
    }

    /** What a stopping broker led has moved away in the image of this version. */
    void movedAway(int brokerId, long imageVersion) {
        shuttingDown.put(brokerId, imageVersion);
    }

    /** The version of the image in which what it led has moved away; empty before that. */
    OptionalLong movedAway(int brokerId) {
        long version = shuttingDown.getOrDefault(brokerId, NOT_YET);
        return version == NOT_YET ? OptionalLong.empty() : OptionalLong.of(version);
    }
}
