package io.naru.admin.controller;

import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.control.BrokerRegistration;
import io.naru.cluster.control.Heartbeat;
import io.naru.cluster.control.HeartbeatAnswer;
import io.naru.cluster.control.Registered;
import io.naru.cluster.control.Unregistered;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.protocol.Errors;

/**
 * Brokers coming, living and going: registered and fenced → (heartbeat that has seen its registration) live → (silence for the session
 * timeout) fenced → (heartbeat) live again, or registered anew with a higher epoch. A live broker that wants to stop leads nothing more
 * that another could lead; when all others have seen that, it is fenced and may go, and nothing but a new registration brings it back.
 *
 * <p>A broker's epoch is the version of the image that first shows the registration, so it grows, and a heartbeat tells by itself
 * whether its sender has seen it.
 */
final class BrokerMembership {

    private static final int MAX_LOG_DIRS = 64;
    private static final int MAX_LOG_DIR_ID = 40;

    private final Sessions sessions;
    private final BrokerReports reports;
    private final int maxPartitions;
    private final Map<String, String> configs;

    /** Takes over: everyone who was alive gets a whole session timeout from here. */
    BrokerMembership(ControllerSettings settings, BrokerReports reports, ClusterImage image, long nowMs) {
        this.sessions = new Sessions(settings.sessionTimeoutMs());
        this.reports = reports;
        this.maxPartitions = settings.maxPartitions();
        this.configs = settings.brokerConfigs();
        image.liveBrokers().forEach(broker -> sessions.inherit(broker.id(), nowMs));
    }

    Step<Registered> register(ControllerState state, BrokerRegistration wanted, long nowMs) {
        ClusterImage image = state.image();
        int id = wanted.brokerId();
        check(wanted, image);
        BrokerImage known = image.brokers().get(id);
        BrokerProcess process = new BrokerProcess(wanted.incarnationId(), wanted.logDirs());
        BrokerProcess former = state.brokerProcesses().get(id);
        boolean sameProcess = former != null && former.incarnationId().equals(process.incarnationId());
        Members.checkNotTaken("Broker", id, sameProcess, sessions, nowMs);
        sessions.heard(id, nowMs);
        BrokerImage broker = new BrokerImage(
                id,
                image.version() + 1,
                wanted.kafka(),
                wanted.http(),
                wanted.rack(),
                true,
                known == null ? Map.of() : known.configs());
        if (known != null && sameProcess && sameBut(known, broker)) {
            return new Step<>(List.of(), next -> registered(known.epoch(), next));
        }
        reports.forget(id);
        List<Change> changes = new ArrayList<>();
        changes.add(new Change.BrokerRegistered(
                broker, sameProcess && former != null ? process.withDirectoriesOf(former) : process));
        if (known != null && former != null && !sameProcess) {
            boolean diskReplaced = process.lacksDirectoriesOf(former);
            if (diskReplaced || wanted.previousEpoch() != known.epoch()) {
                changes.addAll(LostReplicas.of(image, id, diskReplaced));
            }
        }
        return new Step<>(changes, next -> registered(broker.epoch(), next));
    }

    private static void check(BrokerRegistration wanted, ClusterImage image) {
        Members.check(wanted.brokerId(), wanted.incarnationId(), image.brokers());
        if (wanted.clusterId() != null && !wanted.clusterId().equals(image.clusterId())) {
            throw new RefusedException(
                    Errors.INCONSISTENT_CLUSTER_ID,
                    "Broker " + wanted.brokerId() + " has data of cluster " + wanted.clusterId()
                            + ", but this is cluster " + image.clusterId() + ".");
        }
        if (wanted.logDirs().size() > MAX_LOG_DIRS
                || wanted.logDirs().stream()
                        .anyMatch(dir -> dir.isBlank() || dir.length() > MAX_LOG_DIR_ID || dir.indexOf(',') >= 0)) {
            throw new RefusedException(
                    Errors.INVALID_REQUEST,
                    "A broker has " + MAX_LOG_DIRS + " data directories at most, with ids of up to " + MAX_LOG_DIR_ID
                            + " characters.");
        }
    }

    private Registered registered(long epoch, ControllerState next) {
        return new Registered(epoch, next.image().clusterId(), next.image().version(), configs);
    }

    private static boolean sameBut(BrokerImage known, BrokerImage wanted) {
        return known.kafka().equals(wanted.kafka())
                && known.http().equals(wanted.http())
                && String.valueOf(known.rack()).equals(String.valueOf(wanted.rack()));
    }

    Step<HeartbeatAnswer> heartbeat(ClusterImage image, int id, Heartbeat heartbeat, long nowMs) {
        BrokerImage broker = image.brokers().get(id);
        checkEpoch(image, id, heartbeat.epoch());
        if (heartbeat.offline().size() > maxPartitions) {
            throw new RefusedException(Errors.INVALID_REQUEST, "There are not that many replicas.");
        }
        reports.offline(id, heartbeat.offline());
        reports.seen(id, heartbeat.imageVersion());
        boolean fenced = broker == null || broker.fenced();
        if (heartbeat.wantShutDown() || reports.isShuttingDown(id)) {
            return stopping(image, id, fenced, nowMs);
        }
        sessions.heard(id, nowMs);
        boolean caughtUp = heartbeat.imageVersion() >= heartbeat.epoch();
        return new Step<>(
                fenced && caughtUp ? List.of(new Change.BrokerFenced(id, false)) : List.of(),
                next -> new HeartbeatAnswer(
                        fenced && !caughtUp, false, next.image().version()));
    }

    private Step<HeartbeatAnswer> stopping(ClusterImage image, int id, boolean fenced, long nowMs) {
        boolean first = reports.wantsToStop(id);
        List<Integer> others = image.liveBrokers().stream()
                .map(BrokerImage::id)
                .filter(other -> !reports.isShuttingDown(other))
                .toList();
        OptionalLong moved = reports.movedAway(id);
        boolean may = fenced
                || others.isEmpty()
                || (moved.isPresent() && others.stream().allMatch(other -> reports.hasSeen(other, moved.getAsLong())));
        if (may) {
            sessions.end(id);
        } else {
            sessions.heard(id, nowMs);
        }
        return new Step<>(may && !fenced ? List.of(new Change.BrokerFenced(id, true)) : List.of(), next -> {
            long version = next.image().version();
            if (first) {
                // Settlement has moved away what it can, in the image of this version.
                reports.movedAway(id, version);
            }
            return new HeartbeatAnswer(may, may, version);
        });
    }

    /** Refuses an epoch that is not the registered one. */
    void checkEpoch(ClusterImage image, int id, long epoch) {
        BrokerImage broker = image.brokers().get(id);
        Members.checkEpoch("Broker", id, epoch, broker == null ? null : broker.epoch());
    }

    /** Forgets a broker that will not come back. Its replicas stay assigned to it until they are reassigned. */
    Step<Unregistered> unregister(ClusterImage image, int id) {
        BrokerImage broker = image.brokers().get(id);
        if (broker == null) {
            throw new RefusedException(Errors.BROKER_ID_NOT_REGISTERED, "Broker " + id + " is not registered.");
        }
        if (!broker.fenced()) {
            throw new RefusedException(
                    Errors.INVALID_REQUEST, "Broker " + id + " is alive. Stop it, then unregister it.");
        }
        String needed = LostReplicas.neededOf(image, id);
        if (needed != null) {
            throw new RefusedException(Errors.INVALID_REQUEST, needed);
        }
        List<Change> changes = new ArrayList<>(LostReplicas.of(image, id, true));
        changes.add(new Change.BrokerUnregistered(id));
        reports.forget(id);
        sessions.end(id);
        return new Step<>(changes, next -> new Unregistered(next.image().version()));
    }

    /** Gives everyone {@code ms} more. */
    void extend(long ms) {
        sessions.extend(ms);
    }

    /** Ends the sessions that have lapsed. */
    List<Change> expire(ClusterImage image, long nowMs) {
        List<Change> changes = new ArrayList<>();
        for (int id : sessions.expire(nowMs)) {
            BrokerImage broker = image.brokers().get(id);
            if (broker != null && !broker.fenced()) {
                changes.add(new Change.BrokerFenced(id, true));
            }
        }
        return changes;
    }
}
