package io.naru.admin.controller;

import io.naru.cluster.PartitionImage;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A partition in the making. Whatever is changed, the epochs follow: the leader epoch with another leader, the partition epoch with
 * anything. Lists keep the order of the replicas, and nobody is in sync or eligible who is no replica.
 */
final class PartitionEdit {

    private final PartitionImage from;
    private List<Integer> replicas;
    private List<Integer> adding;
    private List<Integer> removing;
    private Set<Integer> isr;
    private Set<Integer> elr;
    private int leader;

    PartitionEdit(PartitionImage from) {
        this.from = from;
        this.replicas = from.replicas();
        this.adding = from.adding();
        this.removing = from.removing();
        this.isr = new HashSet<>(from.isr());
        this.elr = new HashSet<>(from.elr());
        this.leader = from.leader();
    }

    List<Integer> isr() {
        return inOrder(isr);
    }

    int leader() {
        return leader;
    }

    PartitionEdit leader(int next) {
        leader = next;
        return this;
    }

    /**
     * Who is in sync from now on. Those who were until now, and are no more, have every committed record as long as the high watermark
     * stands still, which is while fewer than {@code min} are in sync: until then they are eligible (KIP-966).
     */
    PartitionEdit isr(Collection<Integer> next, int min) {
        Set<Integer> formerly = new HashSet<>(isr);
        formerly.addAll(elr);
        isr = new HashSet<>(next);
        formerly.removeAll(isr);
        elr = isr.size() < min ? formerly : Set.of();
        return this;
    }

    /** Only {@code replica} is in sync, and nobody else is known to have every committed record. */
    PartitionEdit only(int replica) {
        isr = Set.of(replica);
        elr = Set.of();
        return this;
    }

    /** A replica that has lost records is neither in sync nor eligible. */
    PartitionEdit without(int replica) {
        isr.remove(replica);
        elr.remove(replica);
        return this;
    }

    PartitionEdit reassign(List<Integer> nextReplicas, List<Integer> nextAdding, List<Integer> nextRemoving) {
        replicas = nextReplicas;
        adding = nextAdding;
        removing = nextRemoving;
        return this;
    }

    /** The partition as it has become; the very same when nothing has changed. */
    PartitionImage done() {
        PartitionImage next = at(from.leaderEpoch(), from.partitionEpoch());
        if (next.equals(from)) {
            return from;
        }
        return at(leader == from.leader() ? from.leaderEpoch() : from.leaderEpoch() + 1, from.partitionEpoch() + 1);
    }

    private PartitionImage at(int leaderEpoch, int partitionEpoch) {
        return new PartitionImage(
                from.partition(),
                replicas,
                inOrder(isr),
                inOrder(elr),
                adding,
                removing,
                leader,
                leaderEpoch,
                partitionEpoch);
    }

    private List<Integer> inOrder(Set<Integer> ids) {
        return replicas.stream().filter(ids::contains).toList();
    }
}
