package io.naru.admin.controller;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.CoordinatorImage;
import io.naru.cluster.ShardImage;
import io.naru.cluster.control.CoordinatorRegistration;
import io.naru.cluster.control.Heartbeat;
import io.naru.cluster.control.HeartbeatAnswer;
import io.naru.cluster.control.Registered;
import java.util.ArrayList;
import java.util.List;

/** Coordinators coming, living and going. */
final class CoordinatorMembership {

    private final Sessions sessions;

    CoordinatorMembership(ControllerSettings settings, ClusterImage image, long nowMs) {
        this.sessions = new Sessions(settings.sessionTimeoutMs());
        for (CoordinatorImage coordinator : image.coordinators().values()) {
            if (coordinator.alive()) {
                sessions.inherit(coordinator.id(), nowMs);
            }
        }
    }

    Step<Registered> register(ControllerState state, CoordinatorRegistration wanted, long nowMs) {
        ClusterImage image = state.image();
        int id = wanted.coordinatorId();
        Members.check(id, wanted.incarnationId(), image.coordinators());
        CoordinatorImage known = image.coordinators().get(id);
        boolean sameProcess =
                wanted.incarnationId().equals(state.coordinatorIncarnations().get(id));
        Members.checkNotTaken("Coordinator", id, sameProcess, sessions, nowMs);
        sessions.heard(id, nowMs);
        CoordinatorImage coordinator =
                new CoordinatorImage(id, image.version() + 1, wanted.kafka(), wanted.http(), true);
        if (known != null && sameProcess && sameBut(known, coordinator)) {
            return new Step<>(List.of(), next -> registered(known.epoch(), next));
        }
        List<Change> changes = new ArrayList<>();
        changes.add(new Change.CoordinatorRegistered(coordinator, wanted.incarnationId()));
        changes.addAll(takeOverFromFormerSelf(image, id));
        return new Step<>(changes, next -> registered(coordinator.epoch(), next));
    }

    private static Registered registered(long epoch, ControllerState next) {
        return new Registered(epoch, next.image().clusterId(), next.image().version());
    }

    private static boolean sameBut(CoordinatorImage known, CoordinatorImage wanted) {
        return known.alive()
                && known.kafka().equals(wanted.kafka())
                && known.http().equals(wanted.http());
    }

    /** Its process is a new one: what it owned must be fenced off from the old process, though the owner keeps its id. */
    private static List<Change> takeOverFromFormerSelf(ClusterImage image, int coordinatorId) {
        return image.shards().stream()
                .filter(shard -> shard.coordinatorId() == coordinatorId)
                .<Change>map(shard ->
                        new Change.ShardAssigned(new ShardImage(shard.shard(), coordinatorId, shard.epoch() + 1)))
                .toList();
    }

    Step<HeartbeatAnswer> heartbeat(ControllerState state, int id, Heartbeat heartbeat, long nowMs) {
        CoordinatorImage coordinator = state.image().coordinators().get(id);
        Members.checkEpoch("Coordinator", id, heartbeat.epoch(), coordinator == null ? null : coordinator.epoch());
        boolean leaves = heartbeat.wantShutDown();
        if (leaves) {
            sessions.end(id);
        } else {
            sessions.heard(id, nowMs);
        }
        boolean changes = coordinator != null && coordinator.alive() == leaves;
        return new Step<>(
                changes ? List.of(new Change.CoordinatorAlive(id, !leaves)) : List.of(),
                next -> new HeartbeatAnswer(leaves, leaves, next.image().version()));
    }

    /** Gives everyone {@code ms} more. */
    void extend(long ms) {
        sessions.extend(ms);
    }

    /** Ends the sessions that have lapsed. */
    List<Change> expire(ClusterImage image, long nowMs) {
        List<Change> changes = new ArrayList<>();
        for (int id : sessions.expire(nowMs)) {
            CoordinatorImage coordinator = image.coordinators().get(id);
            if (coordinator != null && coordinator.alive()) {
                changes.add(new Change.CoordinatorAlive(id, false));
            }
        }
        return changes;
    }
}
