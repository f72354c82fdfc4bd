package io.naru.simulation;

import io.naru.admin.controller.Change;
import io.naru.admin.controller.ControllerState;
import io.naru.cluster.ClusterImage;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The database of the controllers, which survives everything: what is committed, and who holds the lease. Now and then it fails a commit, before or
 * after it has made it.
 */
final class MetadataDatabase {

    static final String CLUSTER_ID = "simulated-cluster-0001";

    private final EventQueue events;
    private final Random random;
    private final Consumer<ClusterImage> onCommit;
    private ControllerState state = ControllerState.empty(CLUSTER_ID, 0);
    private @Nullable String holder;
    private long leaseEndsUs;
    private int commitsPerFailure;

    /** A commit was not made, or nobody knows. */
    static final class CommitFailed extends RuntimeException {
        private static final long serialVersionUID = 1;

        CommitFailed(String message) {
            super(message, null, false, false);
        }
    }

    MetadataDatabase(EventQueue events, Random random, Consumer<ClusterImage> onCommit) {
        this.events = events;
        this.random = random;
        this.onCommit = onCommit;
    }

    /** One commit in so many fails; 0 for none. */
    void failing(int oneIn) {
        commitsPerFailure = oneIn;
    }

    ControllerState state() {
        return state;
    }

    Optional<ControllerState> acquire(String who, long durationMs) {
        if (holder != null && !holder.equals(who) && leaseEndsUs > events.nowUs()) {
            return Optional.empty();
        }
        holder = who;
        leaseEndsUs = events.nowUs() + durationMs * 1_000;
        state = withEpoch(state, epoch() + 1);
        return Optional.of(state);
    }

    boolean renew(int epoch, long durationMs) {
        if (epoch() != epoch) {
            return false;
        }
        leaseEndsUs = events.nowUs() + durationMs * 1_000;
        return true;
    }

    void commit(int epoch, List<Change> changes) {
        if (epoch() != epoch) {
            throw new CommitFailed("the lease is lost");
        }
        boolean fails = commitsPerFailure > 0 && random.nextInt(commitsPerFailure) == 0;
        if (fails && random.nextBoolean()) {
            throw new CommitFailed("the database is gone");
        }
        state = state.apply(changes);
        onCommit.accept(state.image());
        if (fails) {
            throw new CommitFailed("the connection to the database broke");
        }
    }

    private int epoch() {
        return state.image().controllerEpoch();
    }

    private static ControllerState withEpoch(ControllerState state, int epoch) {
        ClusterImage was = state.image();
        return new ControllerState(
                new ClusterImage(
                        was.version(),
                        epoch,
                        was.clusterId(),
                        was.brokers(),
                        was.coordinators(),
                        was.topics(),
                        was.shards(),
                        was.configs()),
                state.brokerProcesses(),
                state.coordinatorIncarnations(),
                state.nextProducerId());
    }
}
