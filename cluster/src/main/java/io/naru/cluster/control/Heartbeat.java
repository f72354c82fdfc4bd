package io.naru.cluster.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sign of life, every {@code naru.session.heartbeat-interval} (500 ms).
 *
 * @param epoch        as registered
 * @param imageVersion image the sender has applied
 * @param wantShutDown a broker that stops asks for its leaderships to be moved first, and goes on asking, soon, until it may. There is no
 *                     way back but to register anew
 * @param offline      replicas that it cannot serve because their data directory failed: all of them, in every heartbeat
 */
public record Heartbeat(
        long epoch,
        long imageVersion,
        boolean wantShutDown,
        @Nullable List<ReplicaName> offline) {

    /** Copies the list; null is none. */
    public Heartbeat {
        offline = offline == null ? List.of() : List.copyOf(offline);
    }

    /** A heartbeat of someone all of whose replicas are well. */
    public Heartbeat(long epoch, long imageVersion, boolean wantShutDown) {
        this(epoch, imageVersion, wantShutDown, List.of());
    }

    @Override
    public List<ReplicaName> offline() {
        return offline == null ? List.of() : offline;
    }
}
