package io.naru.admin.controller;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.control.AlterConfigs;
import io.naru.cluster.control.AlterPartitions;
import io.naru.cluster.control.AlterReassignments;
import io.naru.cluster.control.AlteredPartitions;
import io.naru.cluster.control.BrokerRegistration;
import io.naru.cluster.control.ConfigResults;
import io.naru.cluster.control.ConfigResults.ConfigResult;
import io.naru.cluster.control.CoordinatorRegistration;
import io.naru.cluster.control.CreatePartitions;
import io.naru.cluster.control.CreateTopics;
import io.naru.cluster.control.DeleteTopics;
import io.naru.cluster.control.ElectLeaders;
import io.naru.cluster.control.Heartbeat;
import io.naru.cluster.control.HeartbeatAnswer;
import io.naru.cluster.control.PartitionResults;
import io.naru.cluster.control.ProducerIdBlock;
import io.naru.cluster.control.ProducerIdRequest;
import io.naru.cluster.control.Registered;
import io.naru.cluster.control.TopicResult;
import io.naru.cluster.control.TopicResults;
import io.naru.cluster.control.Unregistered;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The controller of one cluster under one controller epoch. Each event returns a {@link Decision}; the caller commits its changes and
 * then calls {@link #committed}. Times are milliseconds of one monotonic clock. Confined to one thread.
 *
 * <p>What an event leads to is decided by the class for its subject; what has to follow from that, for the whole cluster, by
 * {@link Settlement}.
 */
public final class Controller {

    /** Producer ids given out at a time. */
    public static final int PRODUCER_ID_BLOCK = 1000;

    private final ControllerSettings settings;
    private final Supplier<String> topicIds;
    private final Settlement settlement;
    private final BrokerReports reports = new BrokerReports();
    private final BrokerMembership brokers;
    private final CoordinatorMembership coordinators;
    private final LeaderBalance leaderBalance;
    private ControllerState state;
    private long lastExpiryMs;
    /** Whether {@link Settlement} has had its say on the current state; not on a state that was taken over. */
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
        this.brokers = new BrokerMembership(settings, reports, state.image(), nowMs);
        this.coordinators = new CoordinatorMembership(settings, state.image(), nowMs);
        this.leaderBalance = new LeaderBalance(settings.leaderBalance(), nowMs);
        this.lastExpiryMs = nowMs;
    }

    /** The state after everything committed so far. */
    public ControllerState state() {
        return state;
    }

    /** Makes {@code decision} the state: it has been committed. */
    public void committed(Decision<?> decision) {
        state = decision.next();
        settled = true;
        reports.settled();
    }

    private ClusterImage image() {
        return state.image();
    }

    private LiveReplicas live() {
        return new LiveReplicas(image(), reports);
    }

    private <A> Decision<A> decide(Step<A> step) {
        if (step.changes().isEmpty() && settled && !reports.news()) {
            return new Decision<>(List.of(), state, step.answer().apply(state));
        }
        List<Change> all = new ArrayList<>(step.changes());
        all.addAll(settlement.of(state.apply(all), reports));
        ControllerState next = state.apply(all);
        return new Decision<>(all, step.changes(), next, step.answer().apply(next));
    }

    /** Registers a broker. Refused with 101 while another process is known to live under its id, 104 for a foreign cluster id. */
    public Decision<Registered> register(BrokerRegistration wanted, long nowMs) {
        return decide(brokers.register(state, wanted, nowMs));
    }

    /** A broker's sign of life. Refused with 77 when its epoch is not the registered one. */
    public Decision<HeartbeatAnswer> brokerHeartbeat(int brokerId, Heartbeat heartbeat, long nowMs) {
        return decide(brokers.heartbeat(image(), brokerId, heartbeat, nowMs));
    }

    /** Forgets a broker that will not come back. Refused with 102 when there is none, 42 while it is alive or needed. */
    public Decision<Unregistered> unregisterBroker(int brokerId) {
        return decide(brokers.unregister(image(), brokerId));
    }

    /** Registers a coordinator; it gets its share of the group shards at once. Refused like a broker. */
    public Decision<Registered> register(CoordinatorRegistration wanted, long nowMs) {
        return decide(coordinators.register(state, wanted, nowMs));
    }

    /** A coordinator's sign of life. Refused with 77 when its epoch is not the registered one. */
    public Decision<HeartbeatAnswer> coordinatorHeartbeat(int id, Heartbeat heartbeat, long nowMs) {
        return decide(coordinators.heartbeat(state, id, heartbeat, nowMs));
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
        List<Change> changes = new ArrayList<>(brokers.expire(image(), nowMs));
        changes.addAll(coordinators.expire(image(), nowMs));
        return decide(new Step<>(changes, next -> changes.size()));
    }

    /** Gives leaderships back to preferred replicas, if it is time to and too many have strayed. To be called often. */
    public Decision<Integer> balanceLeaders(long nowMs) {
        List<Change> changes = leaderBalance.isDue(nowMs) ? leaderBalance.changes(image(), live()) : List.of();
        return decide(new Step<>(changes, next -> changes.size()));
    }

    /** Creates topics, each on its own. */
    public Decision<TopicResults> createTopics(CreateTopics request) {
        TopicCreation creation = new TopicCreation(settings, topicIds, image(), live());
        return decide(answered(creation.create(request), creation.changes()));
    }

    /** Adds partitions to topics, each on its own. */
    public Decision<TopicResults> createPartitions(CreatePartitions request) {
        PartitionCreation creation = new PartitionCreation(settings, image(), live());
        return decide(answered(creation.create(request), creation.changes()));
    }

    /** Deletes topics, each on its own. */
    public Decision<TopicResults> deleteTopics(DeleteTopics request) {
        TopicDeletion deletion = new TopicDeletion(image());
        return decide(answered(deletion.delete(request), deletion.changes()));
    }

    /** Sets and unsets configs, of each resource on its own. */
    public Decision<ConfigResults> alterConfigs(AlterConfigs request) {
        ConfigAlteration alteration = new ConfigAlteration(image());
        List<ConfigResult> results = alteration.alter(request);
        return decide(new Step<>(
                alteration.changes(),
                next -> new ConfigResults(results, next.image().version())));
    }

    private static Step<TopicResults> answered(List<TopicResult> results, List<Change> changes) {
        return new Step<>(
                changes, next -> new TopicResults(results, next.image().version()));
    }

    /** Changes in-sync replicas, of each partition on its own. Refused with 77 when the broker's epoch is not the registered one. */
    public Decision<AlteredPartitions> alterPartitions(AlterPartitions request) {
        brokers.checkEpoch(image(), request.brokerId(), request.brokerEpoch());
        return decide(InSyncReplicas.alter(image(), live(), request));
    }

    /** Elects leaders, of each partition on its own. */
    public Decision<PartitionResults> electLeaders(ElectLeaders request) {
        return decide(LeaderElections.elect(image(), live(), request));
    }

    /** Begins and cancels reassignments, each on its own. */
    public Decision<PartitionResults> alterReassignments(AlterReassignments request) {
        return decide(Reassignments.alter(image(), request));
    }

    /** Puts a line into the change history: what brokers or coordinators have done for somebody, of which the image shows nothing. */
    public Decision<Note> note(Note note) {
        return decide(new Step<>(List.of(new Change.Noted(note)), next -> note));
    }

    /** Gives out a block of producer ids. Refused with 77 when the broker's epoch is not the registered one. */
    public Decision<ProducerIdBlock> producerIds(ProducerIdRequest request) {
        brokers.checkEpoch(image(), request.brokerId(), request.brokerEpoch());
        long first = state.nextProducerId();
        return decide(new Step<>(
                List.of(new Change.ProducerIdsTaken(first + PRODUCER_ID_BLOCK)),
                next -> new ProducerIdBlock(first, PRODUCER_ID_BLOCK)));
    }
}
