package io.naru.admin.controller;

import static io.naru.admin.controller.ClusterInvariants.holds;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.control.ReplicaName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A model of the records for which all of this is done: how many of each partition have been committed, and how many of those each
 * replica holds. Records are committed as leaders do it, when enough are in sync, on all who are; restarts without a clean stop lose some,
 * new disks all. Whoever is in sync or eligible must have every committed record.
 */
final class CommittedRecords {

    private final Map<ReplicaName, Integer> committed = new HashMap<>();
    private final Map<ReplicaName, Map<Integer, Integer>> held = new HashMap<>();
    private final Map<ReplicaName, Set<Integer>> joined = new HashMap<>();
    private int lossesAccepted;

    /** How often records were given up because the last who had them lost them, or somebody wanted an unclean election. */
    int lossesAccepted() {
        return lossesAccepted;
    }

    long total() {
        return committed.values().stream().mapToLong(n -> n).sum();
    }

    /** A record is produced; committed if enough are in sync. */
    void produce(TopicImage topic, PartitionImage partition, ClusterImage image) {
        int min = partition.minInSyncReplicas(TopicPolicy.of(topic, image).minInSyncReplicas());
        if (partition.leader() != PartitionImage.NO_LEADER && partition.isr().size() >= min) {
            ReplicaName name = name(topic, partition);
            int next = committed.merge(name, 1, Integer::sum);
            partition.isr().forEach(id -> held(name).put(id, next));
        }
    }

    /** Broker {@code id} starts with less than it had. */
    void lose(int id, boolean everything, Random random) {
        held.values()
                .forEach(replicas -> replicas.computeIfPresent(
                        id, (broker, has) -> everything ? 0 : has - random.nextInt(Math.min(has, 3) + 1)));
    }

    /** The leader says that {@code id} has caught up. */
    void caughtUp(TopicImage topic, PartitionImage partition, int id) {
        ReplicaName name = name(topic, partition);
        held(name).put(id, committed.getOrDefault(name, 0));
        joined.computeIfAbsent(name, n -> new HashSet<>()).add(id);
    }

    /**
     * What may cost records.
     *
     * @param registered a broker that has just registered with its old disk, for it may be the last that knows anything; else -1
     * @param newDisk    whether one has registered with a new disk
     * @param unclean    whether somebody has asked for an unclean election
     */
    record Danger(int registered, boolean newDisk, boolean unclean) {

        static final Danger NONE = new Danger(-1, false, false);
    }

    /**
     * Checks who is in sync and eligible.
     *
     * @param danger what has just happened that may cost records
     */
    void check(ClusterImage before, ClusterImage after, Danger danger) {
        Set<ReplicaName> there = new HashSet<>();
        for (TopicImage topic : after.topics().values()) {
            boolean wantsUnclean =
                    danger.unclean || TopicPolicy.of(topic, after).uncleanElection();
            for (PartitionImage partition : topic.partitions()) {
                ReplicaName name = name(topic, partition);
                there.add(name);
                held(name).keySet().retainAll(partition.replicas());
                PartitionImage was =
                        before.partition(topic.name(), partition.partition()).orElse(partition);
                if (!wantsUnclean) {
                    checkElection(was, partition, joined.getOrDefault(name, Set.of()));
                }
                holds(
                        "somebody is known to have every record",
                        danger.newDisk || isKnown(partition) || !isKnown(was),
                        was,
                        partition);
                acceptLoss(name, partition, danger.registered, wantsUnclean);
                int all = committed.getOrDefault(name, 0);
                for (int id : partition.isr()) {
                    holds("who is in sync has every record", has(name, id) >= all, id, all, held(name), partition);
                }
                for (int id : partition.elr()) {
                    holds("who is eligible has every record", has(name, id) >= all, id, all, held(name), partition);
                }
            }
        }
        joined.clear();
        held.keySet().retainAll(there);
        committed.keySet().retainAll(there);
    }

    private static boolean isKnown(PartitionImage partition) {
        return !partition.isr().isEmpty() || !partition.elr().isEmpty();
    }

    private static void checkElection(PartitionImage was, PartitionImage is, Set<Integer> joined) {
        if (is.leader() != was.leader() && is.leader() != PartitionImage.NO_LEADER) {
            holds(
                    "leaders come from ISR and ELR",
                    was.isr().contains(is.leader()) || was.elr().contains(is.leader()) || joined.contains(is.leader()),
                    was,
                    is);
        }
    }

    private void acceptLoss(ReplicaName name, PartitionImage partition, int registered, boolean unclean) {
        boolean alone = partition.isr().size() == 1 && partition.elr().isEmpty();
        if (!alone || has(name, partition.isr().get(0)) >= committed.getOrDefault(name, 0)) {
            return;
        }
        int last = partition.isr().get(0);
        if (last == registered || (unclean && partition.leader() == last)) {
            lossesAccepted++;
            int left = has(name, last);
            committed.put(name, left);
            held(name).replaceAll((id, has) -> Math.min(has, left));
        }
    }

    private int has(ReplicaName name, int id) {
        return held(name).getOrDefault(id, 0);
    }

    private Map<Integer, Integer> held(ReplicaName name) {
        return held.computeIfAbsent(name, n -> new HashMap<>());
    }

    private static ReplicaName name(TopicImage topic, PartitionImage partition) {
        return new ReplicaName(topic.topicId(), partition.partition());
    }
}
