package io.naru.broker.partition;

import io.naru.cluster.PartitionImage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The in-sync replicas of one leadership: those the controller has agreed to, and at most one change that it has been asked for.
 *
 * <pre>
 *  agreed ── propose ──▶ asked ── agree (an answer or an image with a later partition epoch) ──▶ agreed
 *                          └───── withdraw (the controller refused for good) ──▶ agreed, as before
 * </pre>
 *
 * <p>While a change is asked for, nobody knows whether it has happened. So the high watermark waits for whoever is in either set (the
 * maximal ISR), and {@code min.insync.replicas} counts the agreed one. Confined to its {@link Leadership}.
 */
final class InSyncReplicas {

    private int partitionEpoch;
    private List<Integer> agreed;
    private @Nullable List<Integer> asked;

    InSyncReplicas(PartitionImage image) {
        this.partitionEpoch = image.partitionEpoch();
        this.agreed = image.isr();
    }

    int partitionEpoch() {
        return partitionEpoch;
    }

    /** Those that the controller has agreed to. */
    List<Integer> agreed() {
        return agreed;
    }

    /** Those that it was asked for, or null. */
    @Nullable
    List<Integer> asked() {
        return asked;
    }

    /** Whether the replica is in sync, or will be if the controller agrees. */
    boolean maximalHas(int brokerId) {
        List<Integer> wanted = asked;
        return agreed.contains(brokerId) || (wanted != null && wanted.contains(brokerId));
    }

    void propose(List<Integer> isr) {
        if (asked != null) {
            throw new IllegalStateException("a change to " + asked + " is under way");
        }
        asked = List.copyOf(isr);
    }

    /** The partition with {@code more} in sync, too. */
    List<Integer> with(int more) {
        List<Integer> isr = new ArrayList<>(agreed);
        isr.add(more);
        return isr;
    }

    /** What the controller holds now; false, and nothing happens, when it is not news. */
    boolean agree(PartitionImage image) {
        if (image.partitionEpoch() <= partitionEpoch) {
            return false;
        }
        partitionEpoch = image.partitionEpoch();
        agreed = image.isr();
        asked = null;
        return true;
    }

    /** The controller refused for good: the change has not happened and will not. */
    void withdraw() {
        asked = null;
    }
}
