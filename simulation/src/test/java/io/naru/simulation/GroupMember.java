package io.naru.simulation;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One run of a member of the group (KIP-848): it sends heartbeats, reads what it is given from where the group has committed, commits where
 * it is, and gives up what it is told to.
 *
 * <p>One commit is under way at a time, for one that overtakes a later one takes it back, here as in Kafka. A member that does not hear what
 * has become of its commit goes on as another.
 */
final class GroupMember {

    private static final short HEARTBEAT_VERSION = 1;
    private static final short COMMIT_VERSION = 10;
    private static final short OFFSETS_VERSION = 10;
    private static final long ANSWER_MS_MAX = 4_000;
    private static final int REBALANCE_MS_MAX = 5_000;
    private static final int LEAVES = -1;

    private final Simulation world;
    private final SimulatedGroup group;
    private final SimulatedProcess process;
    private final Random random;
    private final ClientView view;
    private final Map<String, Held> held = new TreeMap<>();
    private final List<Place> target = new ArrayList<>();
    /** Whom it asks until that one says no, or nothing. */
    private @Nullable String coordinator;

    private String memberId;
    private int epoch;
    private boolean toldTarget;
    private boolean tellEverything = true;
    private boolean heldChanged;
    private boolean heartbeatUnderWay;
    private boolean commitUnderWay;

    /** A partition that it has. */
    private static final class Held {
        private final Place place;
        private @Nullable PartitionReader reader;
        private boolean underWay;
        private long committed;

        Held(Place place) {
            this.place = place;
        }
    }

    GroupMember(Simulation world, SimulatedGroup group, SimulatedProcess process, Random random) {
        this.world = world;
        this.group = group;
        this.process = process;
        this.random = random;
        this.view = new ClientView(world, process, random);
        this.memberId = newId();
        view.refresh();
        process.execute(this::beat);
        process.execute(this::work);
    }

    private String newId() {
        return process.name() + "-" + random.nextInt(1_000_000);
    }

    SimulatedProcess process() {
        return process;
    }

    /** Whether it has all that it is to have, and nothing more to say. */
    boolean settled() {
        return epoch > 0
                && toldTarget
                && !heldChanged
                && !tellEverything
                && holds().size() == target.size()
                && holds().containsAll(target);
    }

    List<Place> holds() {
        return held.values().stream().map(one -> one.place).toList();
    }

    @Override
    public String toString() {
        return memberId + " in epoch " + epoch + " holds " + holds() + " of " + target;
    }

    // ---------------------------------------------------------------- membership

    private void beat() {
        view.refresh();
        giveUp();
        if (!heartbeatUnderWay) {
            heartbeat();
        }
        process.after(150_000 + random.nextInt(300_000), this::beat);
    }

    /** Gives up what others are to have, once it knows what has become of its last commit. */
    private void giveUp() {
        if (!toldTarget || commitUnderWay) {
            return;
        }
        for (Held one : List.copyOf(held.values())) {
            if (!target.contains(one.place) && random.nextInt(3) > 0) {
                held.remove(one.place.toString());
                heldChanged = true;
            }
        }
    }

    private void heartbeat() {
        ConsumerGroupHeartbeatRequestData request = new ConsumerGroupHeartbeatRequestData()
                .setGroupId(group.groupId())
                .setMemberId(memberId)
                .setMemberEpoch(epoch);
        if (tellEverything) {
            request.setRebalanceTimeoutMs(REBALANCE_MS_MAX)
                    .setSubscribedTopicNames(List.of(Simulation.FLEETING, Simulation.TOPIC));
        }
        if (tellEverything || heldChanged) {
            request.setTopicPartitions(holds().stream()
                    .map(place -> new ConsumerGroupHeartbeatRequestData.TopicPartitions()
                            .setTopicId(Uuid.fromString(place.topicId()))
                            .setPartitions(List.of(place.partition())))
                    .toList());
        }
        heldChanged = false;
        tellEverything = false;
        heartbeatUnderWay = true;
        String asked = memberId;
        send(ApiKeys.CONSUMER_GROUP_HEARTBEAT, HEARTBEAT_VERSION, request).whenComplete((answer, error) -> {
            heartbeatUnderWay = false;
            if (asked.equals(memberId)) {
                heard((ConsumerGroupHeartbeatResponseData) answer);
            }
        });
    }

    private void heard(@Nullable ConsumerGroupHeartbeatResponseData answer) {
        if (answer == null) {
            tellEverything = true;
            return;
        }
        Errors error = Errors.forCode(answer.errorCode());
        switch (error) {
            case NONE -> {
                epoch = answer.memberEpoch();
                if (answer.assignment() != null) {
                    toldTarget = true;
                    target.clear();
                    answer.assignment()
                            .topicPartitions()
                            .forEach(topic -> topic.partitions()
                                    .forEach(partition ->
                                            target.add(new Place(topic.topicId().toString(), partition))));
                }
                giveUp();
                take();
            }
            case UNKNOWN_MEMBER_ID, FENCED_MEMBER_EPOCH -> join(error.name());
            default -> {
                mustPass(error);
                tellEverything = true;
            }
        }
    }

    /** As in the Java client, new partitions are taken only after the old ones were given up. */
    private void take() {
        if (target.containsAll(holds())) {
            for (Place place : target) {
                if (held.putIfAbsent(place.toString(), new Held(place)) == null) {
                    heldChanged = true;
                }
            }
        }
    }

    /** Begins anew, with nothing, as someone else. */
    private void join(String why) {
        world.trace().say(process.name(), "joins again: " + why);
        memberId = newId();
        epoch = 0;
        held.clear();
        target.clear();
        toldTarget = false;
        tellEverything = true;
    }

    /** Says that it goes, and does not wait for an answer. */
    void leave() {
        if (epoch > 0 && !commitUnderWay) {
            ConsumerGroupHeartbeatRequestData request = new ConsumerGroupHeartbeatRequestData()
                    .setGroupId(group.groupId())
                    .setMemberId(memberId)
                    .setMemberEpoch(LEAVES);
            send(ApiKeys.CONSUMER_GROUP_HEARTBEAT, HEARTBEAT_VERSION, request);
        }
    }

    private CompletableFuture<? extends @Nullable ApiMessage> send(ApiKeys api, short version, ApiMessage request) {
        if (coordinator == null) {
            coordinator = Optional.ofNullable(view.image())
                    .flatMap(image -> SimulatedGroup.coordinator(image, group.groupId()))
                    .map(found -> found.kafka().host())
                    .orElse(null);
        }
        if (coordinator == null) {
            return CompletableFuture.failedFuture(new NobodyException());
        }
        return view.connection(coordinator, "")
                .send(api, version, request, ANSWER_MS_MAX)
                .whenComplete((answer, error) -> {
                    if (error != null) {
                        coordinator = null;
                    }
                });
    }

    /** Nobody is known to coordinate the group: nothing was sent. */
    private static final class NobodyException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NobodyException() {
            super(null, null, false, false);
        }
    }

    private void mustPass(Errors error) {
        switch (error) {
            case COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR -> coordinator = null;
            default -> throw new Violation("P52: " + this + " was told " + error);
        }
    }

    // ---------------------------------------------------------------- reading

    private void work() {
        for (Held one : List.copyOf(held.values())) {
            if (!one.underWay) {
                workOn(one);
            }
        }
        if (!commitUnderWay && random.nextInt(4) == 0) {
            commit();
        }
        process.after(20_000 + random.nextInt(80_000), this::work);
    }

    private void workOn(Held one) {
        PartitionReader reader = one.reader;
        PartitionImage partition = partition(one.place).orElse(null);
        if (reader == null) {
            one.underWay = true;
            askWhereToGoOn(one);
        } else if (partition != null && partition.leader() != PartitionImage.NO_LEADER) {
            one.underWay = true;
            reader.read(partition).thenAccept(good -> one.underWay = false);
        }
    }

    private Optional<PartitionImage> partition(Place place) {
        ClusterImage image = view.image();
        return image == null
                ? Optional.empty()
                : image.topics().values().stream()
                        .filter(topic -> topic.topicId().equals(place.topicId()))
                        .map(topic -> topic.partitions().get(place.partition()))
                        .findFirst();
    }

    private boolean has(Held one) {
        return held.get(one.place.toString()) == one;
    }

    private void askWhereToGoOn(Held one) {
        OffsetFetchRequestData request = new OffsetFetchRequestData()
                .setGroups(List.of(new OffsetFetchRequestGroup()
                        .setGroupId(group.groupId())
                        .setMemberId(memberId)
                        .setMemberEpoch(epoch)
                        .setTopics(List.of(new OffsetFetchRequestTopics()
                                .setTopicId(Uuid.fromString(one.place.topicId()))
                                .setPartitionIndexes(List.of(one.place.partition()))))));
        long atLeast = group.ledger().committed(one.place);
        send(ApiKeys.OFFSET_FETCH, OFFSETS_VERSION, request).whenComplete((answer, error) -> {
            one.underWay = false;
            if (answer != null && has(one)) {
                told(one, atLeast, ((OffsetFetchResponseData) answer).groups().get(0));
            }
        });
    }

    private void told(Held one, long atLeast, OffsetFetchResponseGroup answer) {
        Errors whole = Errors.forCode(answer.errorCode());
        switch (whole) {
            case NONE -> {
                var partition = answer.topics().get(0).partitions().get(0);
                Errors error = Errors.forCode(partition.errorCode());
                if (error == Errors.NONE) {
                    group.ledger().found(memberId, one.place, partition.committedOffset(), atLeast);
                    one.committed = Math.max(0, partition.committedOffset());
                    one.reader = new PartitionReader(
                            world, view, one.place, one.committed, partition.committedLeaderEpoch(), offset -> {
                                if (has(one)) {
                                    group.ledger().delivered(one.place, offset);
                                }
                            });
                } else if (error != Errors.UNKNOWN_TOPIC_ID) {
                    throw new Violation("P52: " + this + " asked for an offset and was told " + error);
                }
            }
            case STALE_MEMBER_EPOCH, GROUP_ID_NOT_FOUND -> tellEverything = true;
            case UNKNOWN_MEMBER_ID -> join(whole.name());
            default -> mustPass(whole);
        }
    }

    // ---------------------------------------------------------------- commits

    private record Sent(Held held, long offset) {}

    private void commit() {
        List<Sent> all = new ArrayList<>();
        OffsetCommitRequestData request = new OffsetCommitRequestData()
                .setGroupId(group.groupId())
                .setMemberId(memberId)
                .setGenerationIdOrMemberEpoch(epoch);
        for (Held one : held.values()) {
            PartitionReader reader = one.reader;
            if (reader != null && reader.offset() > one.committed) {
                all.add(new Sent(one, reader.offset()));
                request.topics()
                        .add(new OffsetCommitRequestTopic()
                                .setTopicId(Uuid.fromString(one.place.topicId()))
                                .setPartitions(List.of(new OffsetCommitRequestPartition()
                                        .setPartitionIndex(one.place.partition())
                                        .setCommittedOffset(reader.offset())
                                        .setCommittedLeaderEpoch(reader.lastEpoch()))));
            }
        }
        if (all.isEmpty()) {
            return;
        }
        all.forEach(one -> group.ledger().sent(one.held.place, one.offset));
        commitUnderWay = true;
        String asked = memberId;
        send(ApiKeys.OFFSET_COMMIT, COMMIT_VERSION, request).whenComplete((answer, error) -> {
            commitUnderWay = false;
            if (answer != null) {
                committed(all, (OffsetCommitResponseData) answer);
            } else if (asked.equals(memberId) && !(error instanceof NobodyException)) {
                join("what has become of its commit is not known");
            }
        });
    }

    private void committed(List<Sent> all, OffsetCommitResponseData answer) {
        boolean unknown = false;
        for (int i = 0; i < all.size(); i++) {
            Sent one = all.get(i);
            Errors error =
                    Errors.forCode(answer.topics().get(i).partitions().get(0).errorCode());
            switch (error) {
                case NONE -> {
                    group.ledger().committed(one.held.place, one.offset);
                    one.held.committed = one.offset;
                }
                case STALE_MEMBER_EPOCH, UNKNOWN_TOPIC_ID, GROUP_ID_NOT_FOUND -> {
                    // Again, when it knows more.
                }
                case UNKNOWN_MEMBER_ID -> unknown = true;
                default -> mustPass(error);
            }
        }
        if (unknown && has(all.get(0).held)) {
            join(Errors.UNKNOWN_MEMBER_ID.name());
        }
    }
}
