package io.naru.admin.controller;

import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.CoordinatorImage;
import io.naru.cluster.control.BrokerRegistration;
import io.naru.cluster.control.CoordinatorRegistration;
import io.naru.cluster.control.CreateTopics;
import io.naru.cluster.control.DeleteTopics;
import io.naru.cluster.control.Heartbeat;
import io.naru.cluster.control.HeartbeatAnswer;
import io.naru.cluster.control.ProducerIdBlock;
import io.naru.cluster.control.ProducerIdRequest;
import io.naru.cluster.control.Registered;
import io.naru.cluster.control.TopicResult;
import io.naru.cluster.control.TopicResults;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The controller of one cluster under one controller epoch. Each event returns a {@link Decision}; the caller commits its changes and
 * then calls {@link #committed}. Times are milliseconds of one monotonic clock. Confined to one thread.
 *
 * <p>A broker's life: registered and fenced → (heartbeat that has seen its registration) live → (silence for the session timeout, or
 * a heartbeat that wants to shut down) fenced → (heartbeat) live again, or registered anew with a higher epoch. Its epoch is the
 * version of the image that first shows the registration, so it grows, and a heartbeat tells by itself whether its sender has seen it.
 */
public final class Controller {

    /** Producer ids given out at a time. */
    public static final int PRODUCER_ID_BLOCK = 1000;

    private static final int MAX_MEMBERS = 1000;
    private static final int MAX_TEXT = 256;

    private final ControllerSettings settings;
    private final Supplier<String> topicIds;
    private final Settlement settlement;
    private final Sessions brokers;
    private final Sessions coordinators;
    private ControllerState state;
    private long lastExpiryMs;
    /** Whether {@link Settlement} has had its say on the current state; not on one that was taken over. */
    private boolean settled;

    /**
     * A controller that takes over {@code state}.
     *
     * @param topicIds a new topic id at each call
     * @param nowMs    when; everyone who was alive gets a whole session timeout from here
     */
    public Controller(ControllerState state, ControllerSettings settings, Supplier<String> topicIds, long nowMs) {
        this.state = state;
        this.settings = settings;
        this.topicIds = topicIds;
        this.settlement = new Settlement(settings, topicIds);
        this.brokers = new Sessions(settings.sessionTimeoutMs());
        this.coordinators = new Sessions(settings.sessionTimeoutMs());
        this.lastExpiryMs = nowMs;
        image().liveBrokers().forEach(broker -> brokers.inherit(broker.id(), nowMs));
        for (CoordinatorImage coordinator : image().coordinators().values()) {
            if (coordinator.alive()) {
                coordinators.inherit(coordinator.id(), nowMs);
            }
        }
    }

    /** The state after everything committed so far. */
    public ControllerState state() {
        return state;
    }

    /** Makes {@code decision} the state: it has been committed. */
    public void committed(Decision<?> decision) {
        state = decision.next();
        settled = true;
    }

    private ClusterImage image() {
        return state.image();
    }

    private <A> Decision<A> decide(List<Change> changes, Function<ControllerState, A> answer) {
        if (changes.isEmpty() && settled) {
            return new Decision<>(List.of(), state, answer.apply(state));
        }
        List<Change> all = new ArrayList<>(changes);
        all.addAll(settlement.of(state.apply(changes)));
        ControllerState next = state.apply(all);
        return new Decision<>(all, next, answer.apply(next));
    }

    /** Registers a broker. Refused with 101 while another process is known to live under its id, 104 for a foreign cluster id. */
    public Decision<Registered> register(BrokerRegistration wanted, long nowMs) {
        checkMember(wanted.brokerId(), wanted.incarnationId(), image().brokers());
        if (wanted.clusterId() != null && !wanted.clusterId().equals(image().clusterId())) {
            throw new RefusedException(
                    Errors.INCONSISTENT_CLUSTER_ID,
                    "Broker " + wanted.brokerId() + " has data of cluster " + wanted.clusterId()
                            + ", but this is cluster " + image().clusterId() + ".");
        }
        BrokerImage known = image().brokers().get(wanted.brokerId());
        boolean sameProcess =
                wanted.incarnationId().equals(state.brokerIncarnations().get(wanted.brokerId()));
        checkNotTaken("Broker", wanted.brokerId(), sameProcess, brokers, nowMs);
        brokers.heard(wanted.brokerId(), nowMs);
        BrokerImage broker = new BrokerImage(
                wanted.brokerId(),
                image().version() + 1,
                wanted.kafka(),
                wanted.http(),
                wanted.rack(),
                true,
                known == null ? Map.of() : known.configs());
        if (known != null && sameProcess && sameBut(known, broker)) {
            return decide(List.of(), next -> registered(known.epoch(), next));
        }
        return decide(
                List.of(new Change.BrokerRegistered(broker, wanted.incarnationId())),
                next -> registered(broker.epoch(), next));
    }

    /** A broker's sign of life. Refused with 77 when its epoch is not the registered one. */
    public Decision<HeartbeatAnswer> brokerHeartbeat(int brokerId, Heartbeat heartbeat, long nowMs) {
        BrokerImage broker = image().brokers().get(brokerId);
        checkEpoch("Broker", brokerId, heartbeat.epoch(), broker == null ? null : broker.epoch());
        boolean fenced = broker == null || broker.fenced();
        if (heartbeat.wantShutDown()) {
            brokers.end(brokerId);
            return decide(
                    fenced ? List.of() : List.of(new Change.BrokerFenced(brokerId, true)),
                    next -> new HeartbeatAnswer(true, true, next.image().version()));
        }
        brokers.heard(brokerId, nowMs);
        boolean caughtUp = heartbeat.imageVersion() >= heartbeat.epoch();
        return decide(
                fenced && caughtUp ? List.of(new Change.BrokerFenced(brokerId, false)) : List.of(),
                next -> new HeartbeatAnswer(
                        fenced && !caughtUp, false, next.image().version()));
    }

    /** Registers a coordinator; it gets its share of the group shards at once. Refused like a broker. */
    public Decision<Registered> register(CoordinatorRegistration wanted, long nowMs) {
        int id = wanted.coordinatorId();
        checkMember(id, wanted.incarnationId(), image().coordinators());
        CoordinatorImage known = image().coordinators().get(id);
        boolean sameProcess =
                wanted.incarnationId().equals(state.coordinatorIncarnations().get(id));
        checkNotTaken("Coordinator", id, sameProcess, coordinators, nowMs);
        coordinators.heard(id, nowMs);
        CoordinatorImage coordinator =
                new CoordinatorImage(id, image().version() + 1, wanted.kafka(), wanted.http(), true);
        if (known != null && sameProcess && sameBut(known, coordinator)) {
            return decide(List.of(), next -> registered(known.epoch(), next));
        }
        List<Change> changes = new ArrayList<>();
        changes.add(new Change.CoordinatorRegistered(coordinator, wanted.incarnationId()));
        changes.addAll(Settlement.takeOverFromFormerSelf(image(), id));
        return decide(changes, next -> registered(coordinator.epoch(), next));
    }

    /** A coordinator's sign of life. Refused with 77 when its epoch is not the registered one. */
    public Decision<HeartbeatAnswer> coordinatorHeartbeat(int id, Heartbeat heartbeat, long nowMs) {
        CoordinatorImage coordinator = image().coordinators().get(id);
        checkEpoch("Coordinator", id, heartbeat.epoch(), coordinator == null ? null : coordinator.epoch());
        boolean leaves = heartbeat.wantShutDown();
        if (leaves) {
            coordinators.end(id);
        } else {
            coordinators.heard(id, nowMs);
        }
        boolean changes = coordinator != null && coordinator.alive() == leaves;
        return decide(
                changes ? List.of(new Change.CoordinatorAlive(id, !leaves)) : List.of(),
                next -> new HeartbeatAnswer(leaves, leaves, next.image().version()));
    }

    /**
     * Ends the sessions that have lapsed. To be called often; after a pause of its own the controller takes nobody's silence during
     * that pause for death.
     */
    public Decision<Integer> expireSessions(long nowMs) {
        long gap = nowMs - lastExpiryMs;
        lastExpiryMs = nowMs;
        if (gap > settings.sessionTimeoutMs() / 2) {
            brokers.extend(gap);
            coordinators.extend(gap);
        }
        List<Change> changes = new ArrayList<>();
        for (int id : brokers.expire(nowMs)) {
            BrokerImage broker = image().brokers().get(id);
            if (broker != null && !broker.fenced()) {
                changes.add(new Change.BrokerFenced(id, true));
            }
        }
        for (int id : coordinators.expire(nowMs)) {
            CoordinatorImage coordinator = image().coordinators().get(id);
            if (coordinator != null && coordinator.alive()) {
                changes.add(new Change.CoordinatorAlive(id, false));
            }
        }
        return decide(changes, next -> changes.size());
    }

    /** Creates topics, each on its own. */
    public Decision<TopicResults> createTopics(CreateTopics request) {
        TopicCreation creation = new TopicCreation(settings, topicIds, image());
        List<TopicResult> results = creation.create(request);
        return decide(
                creation.changes(),
                next -> new TopicResults(results, next.image().version()));
    }

    /** Deletes topics, each on its own. */
    public Decision<TopicResults> deleteTopics(DeleteTopics request) {
        TopicDeletion deletion = new TopicDeletion(image());
        List<TopicResult> results = deletion.delete(request);
        return decide(
                deletion.changes(),
                next -> new TopicResults(results, next.image().version()));
    }

    /** Gives out a block of producer ids. Refused with 77 when the broker's epoch is not the registered one. */
    public Decision<ProducerIdBlock> producerIds(ProducerIdRequest request) {
        BrokerImage broker = image().brokers().get(request.brokerId());
        checkEpoch("Broker", request.brokerId(), request.brokerEpoch(), broker == null ? null : broker.epoch());
        long first = state.nextProducerId();
        return decide(
                List.of(new Change.ProducerIdsTaken(first + PRODUCER_ID_BLOCK)),
                next -> new ProducerIdBlock(first, PRODUCER_ID_BLOCK));
    }

    private Registered registered(long epoch, ControllerState next) {
        return new Registered(epoch, next.image().clusterId(), next.image().version());
    }

    private static boolean sameBut(BrokerImage known, BrokerImage wanted) {
        return known.kafka().equals(wanted.kafka())
                && known.http().equals(wanted.http())
                && String.valueOf(known.rack()).equals(String.valueOf(wanted.rack()));
    }

    private static boolean sameBut(CoordinatorImage known, CoordinatorImage wanted) {
        return known.alive()
                && known.kafka().equals(wanted.kafka())
                && known.http().equals(wanted.http());
    }

    private static void checkMember(int id, String incarnationId, Map<Integer, ?> members) {
        if (id < 0 || id >= CoordinatorImage.NODE_ID_BASE) {
            throw new RefusedException(
                    Errors.INVALID_REQUEST,
                    "Ids are between 0 and " + (CoordinatorImage.NODE_ID_BASE - 1) + ", not " + id + ".");
        }
        if (incarnationId.isBlank() || incarnationId.length() > MAX_TEXT) {
            throw new RefusedException(
                    Errors.INVALID_REQUEST, "The incarnation id must have between 1 and " + MAX_TEXT + " characters.");
        }
        if (!members.containsKey(id) && members.size() >= MAX_MEMBERS) {
            throw new RefusedException(
                    Errors.POLICY_VIOLATION, "There are " + MAX_MEMBERS + " registrations already; that is the limit.");
        }
    }

    private static void checkNotTaken(String what, int id, boolean sameProcess, Sessions sessions, long nowMs) {
        if (!sameProcess && sessions.knownAlive(id, nowMs)) {
            throw new RefusedException(
                    Errors.DUPLICATE_BROKER_REGISTRATION,
                    what + " " + id
                            + " is registered by another process that is alive. Give this one another id, or stop"
                            + " the other.");
        }
    }

    private static void checkEpoch(String what, int id, long epoch, @Nullable Long registered) {
        if (registered == null || registered != epoch) {
            throw new RefusedException(
                    Errors.STALE_BROKER_EPOCH,
                    what + " " + id
                            + (registered == null ? " is not registered" : " is registered with epoch " + registered)
                            + ", not with epoch " + epoch + "; register again.");
        }
    }
}
