package io.naru.coordinator.group;

import static io.naru.coordinator.group.GroupFixture.GROUP;
import static org.assertj.core.api.Assertions.assertThat;

import io.naru.coordinator.group.state.Client;
import io.naru.coordinator.group.state.ConsumerGroup;
import io.naru.coordinator.group.state.ConsumerGroupMember;
import io.naru.coordinator.group.state.Outcome;
import io.naru.coordinator.record.CoordinatorRecord;
import io.naru.coordinator.record.PartitionId;
import io.naru.coordinator.record.RecordSerde;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One group lived through from a seed: members come, go, freeze and are replaced, requests and answers get lost, topics grow, the
 * coordinator dies in the middle of an append. After every event:
 *
 * <ul>
 *   <li>a partition has one owner at most, in the coordinator's books and in the members' hands;
 *   <li>no epoch is ahead of the one it depends on;
 *   <li>a committed offset never goes back.
 * </ul>
 *
 * And when the faults end, the rebalance ends: every partition is read by one member. Run one seed again with {@code -Dnaru.seed=}, more
 * of them with {@code -Dnaru.seeds=}.
 */
class GroupSimulationTest {

    private static final int SEEDS = Integer.getInteger("naru.seeds", 80);
    private static final int STEPS = 600;
    private static final int MAX = Integer.MAX_VALUE;

    static LongStream seeds() {
        Long one = Long.getLong("naru.seed");
        return one == null ? LongStream.range(0, SEEDS) : LongStream.of(one);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void oneOwnerPerPartitionAndEveryRebalanceEnds(long seed) {
        Life life = new Life(seed);
        try {
            for (int step = 0; step < STEPS; step++) {
                life.step();
            }
            life.settle();
        } catch (AssertionError | RuntimeException broken) {
            throw new AssertionError(
                    "seed " + seed + ", after\n"
                            + life.trace.stream().map(Object::toString).collect(Collectors.joining("\n")),
                    broken);
        }
    }

    /** A commit that its sender has sent and will never hear of. */
    private record LateCommit(OffsetCommitRequestData request, PartitionId partition) {}

    private record Event(long atMs, Object what) {}

    private static final class Life {
        private final Random random;
        private final GroupFixture world = GroupFixture.withTopic("t0", 4);
        private final List<SimulatedConsumer> consumers = new ArrayList<>();
        private final List<LateCommit> late = new ArrayList<>();
        private final Map<PartitionId, Long> committed = new HashMap<>();
        /** What happened last, for whoever has to find out why. */
        private final Deque<Object> trace = new ArrayDeque<>();

        private boolean faults = true;

        private void trace(Object what) {
            if (trace.size() == 200) {
                trace.remove();
            }
            trace.add(new Event(world.nowMs, what));
        }

        Life(long seed) {
            random = new Random(seed);
            world.topic("t1", 3).topic("t2", 5);
            int count = 1 + random.nextInt(7);
            for (int i = 0; i < count; i++) {
                consumers.add(new SimulatedConsumer(i, random));
            }
        }

        void step() {
            world.nowMs += random.nextInt(faults ? 2_000 : 500);
            take(() -> world.shard.expire(world.nowMs));
            SimulatedConsumer consumer = consumers.get(random.nextInt(consumers.size()));
            if (faults) {
                misfortune(consumer);
            }
            act(consumer);
            check();
        }

        private void misfortune(SimulatedConsumer consumer) {
            switch (random.nextInt(40)) {
                case 0 -> consumer.frozenUntilMs = world.nowMs + random.nextInt(120_000);
                case 1 -> {
                    freezeCommit(consumer);
                    consumer.held.clear();
                    consumer.alive = false;
                }
                case 2 -> {
                    freezeCommit(consumer);
                    consumer.restart();
                }
                case 3 -> leave(consumer);
                case 4 -> consumer.chooseSubscription(random);
                case 5 -> {
                    String topic = "t" + random.nextInt(3);
                    world.topic(topic, world.topics.get(topic).partitions() + 1);
                }
                case 6 -> restartCoordinator();
                case 7, 8 -> deliverLate();
                case 9 -> freezeCommit(consumer);
                default -> {
                    // A good day.
                }
            }
        }

        private void act(SimulatedConsumer consumer) {
            if (!consumer.alive) {
                if (random.nextInt(5) == 0) {
                    consumer.restart();
                }
                return;
            }
            if (world.nowMs < consumer.frozenUntilMs) {
                return;
            }
            read(consumer);
            consumer.revokeSome(random);
            if (world.nowMs >= consumer.nextHeartbeatMs || consumer.wantsOtherPartitions()) {
                consumer.nextHeartbeatMs = world.nowMs + 5_000;
                heartbeat(consumer);
            }
        }

        private void read(SimulatedConsumer consumer) {
            for (PartitionId partition : List.copyOf(consumer.held.keySet())) {
                if (random.nextInt(3) == 0) {
                    consumer.held.merge(partition, (long) random.nextInt(10), Long::sum);
                    commit(commitRequest(consumer, partition));
                }
            }
        }

        private OffsetCommitRequestData commitRequest(SimulatedConsumer consumer, PartitionId partition) {
            OffsetCommitRequestData request = GroupFixture.commitRequest(
                    consumer.memberId,
                    consumer.epoch,
                    SimulatedConsumer.name(partition, world),
                    partition.partition(),
                    consumer.held.get(partition));
            return request.setGroupInstanceId(consumer.instanceId);
        }

        /** The process dies with a commit on its way. */
        private void freezeCommit(SimulatedConsumer consumer) {
            if (!consumer.held.isEmpty()) {
                PartitionId partition = consumer.held.firstKey();
                late.add(new LateCommit(commitRequest(consumer, partition), partition));
            }
        }

        /**
         * A commit arrives after its sender has lost the partition, perhaps to get it back since. (One that overtakes a later one of
         * the same time of ownership is beyond what the protocol promises.)
         */
        private void deliverLate() {
            for (LateCommit commit : List.copyOf(late)) {
                String memberId = commit.request().memberId();
                int sentIn = commit.request().generationIdOrMemberEpoch();
                boolean stillIts = world.shard
                        .consumerGroup(GROUP)
                        .flatMap(group -> group.member(memberId))
                        .map(ConsumerGroupMember::current)
                        .filter(current -> current.assigned().getOrDefault(commit.partition(), MAX) <= sentIn
                                || current.pendingRevocation().getOrDefault(commit.partition(), MAX) <= sentIn)
                        .isPresent();
                if (!stillIts) {
                    late.remove(commit);
                    commit(commit.request());
                }
            }
        }

        private void commit(OffsetCommitRequestData request) {
            try {
                take(() -> world.shard.commit(request, (short) 9, world.nowMs));
            } catch (ApiException refused) {
                assertThat(Errors.forException(refused))
                        .isIn(
                                Errors.UNKNOWN_MEMBER_ID,
                                Errors.STALE_MEMBER_EPOCH,
                                Errors.FENCED_INSTANCE_ID,
                                Errors.GROUP_ID_NOT_FOUND);
            }
        }

        private void heartbeat(SimulatedConsumer consumer) {
            if (faults && random.nextInt(15) == 0) {
                consumer.answerLost();
                return;
            }
            var request = consumer.heartbeat();
            trace(request);
            if (faults && random.nextInt(60) == 0 && consumer.epoch > 0) {
                // A liar, or a packet from long ago: the answer goes nowhere.
                request.setMemberEpoch(random.nextInt(consumer.epoch + 2));
                if (request.memberEpoch() != consumer.epoch && request.memberEpoch() != 0) {
                    quietly(() -> world.shard.heartbeat(request, GroupFixture.V1, new Client("c", "/h"), world.nowMs));
                    consumer.answerLost();
                    return;
                }
                request.setMemberEpoch(consumer.epoch);
            }
            try {
                var response =
                        take(() -> world.shard.heartbeat(request, GroupFixture.V1, new Client("c", "/h"), world.nowMs));
                if (response == null || (faults && random.nextInt(15) == 0)) {
                    consumer.answerLost();
                } else {
                    trace(response);
                    consumer.answered(response, world);
                }
            } catch (ApiException refused) {
                if (faults && random.nextInt(15) == 0) {
                    consumer.answerLost();
                } else {
                    consumer.refused(Errors.forException(refused));
                }
            }
        }

        private void leave(SimulatedConsumer consumer) {
            if (consumer.alive && consumer.epoch > 0) {
                consumer.held.clear();
                consumer.alive = false;
                quietly(() ->
                        world.shard.heartbeat(consumer.leave(), GroupFixture.V1, new Client("c", "/h"), world.nowMs));
            }
        }

        private <R> void quietly(Supplier<Outcome<R>> operation) {
            try {
                take(operation);
            } catch (ApiException refused) {
                assertThat(Errors.forException(refused)).isNotEqualTo(Errors.UNKNOWN_SERVER_ERROR);
            }
        }

        /**
         * Appends what an operation wrote; now and then the coordinator dies after a part of it.
         *
         * @return the response, or null when it never left
         */
        private <R> @org.jspecify.annotations.Nullable R take(Supplier<Outcome<R>> operation) {
            Outcome<R> outcome = operation.get();
            outcome.records().forEach(this::trace);
            if (faults && !outcome.records().isEmpty() && random.nextInt(50) == 0) {
                int kept = random.nextInt(outcome.records().size() + 1);
                trace("coordinator died; of those it appended " + kept);
                world.log.addAll(outcome.records().subList(0, kept));
                world.restart();
                return null;
            }
            world.log.addAll(outcome.records());
            return outcome.response();
        }

        private void restartCoordinator() {
            List<CoordinatorRecord> live = world.shard.snapshot();
            world.restart();
            assertThat(world.shard.snapshot()).as("replayed").isEqualTo(live);
            if (random.nextInt(5) > 0) {
                return;
            }
            GroupFixture other = GroupFixture.withTopic("t0", 1);
            compact(world.log).forEach(other.shard::replay);
            assertThat(other.shard.snapshot())
                    .as("replayed from the compacted log")
                    .isEqualTo(live);
        }

        /** Through bytes, as the log keeps them. */
        private static List<CoordinatorRecord> compact(List<CoordinatorRecord> log) {
            Map<ByteBuffer, CoordinatorRecord> last = new LinkedHashMap<>();
            for (CoordinatorRecord record : log) {
                ByteBuffer key = ByteBuffer.wrap(RecordSerde.key(record));
                byte[] value = RecordSerde.value(record);
                last.remove(key);
                last.put(
                        key,
                        RecordSerde.read(key, value == null ? null : ByteBuffer.wrap(value))
                                .orElseThrow());
            }
            return List.copyOf(last.values());
        }

        private void check() {
            world.shard.consumerGroup(GROUP).ifPresent(group -> {
                checkOwners(group);
                assertThat(group.targetEpoch()).isLessThanOrEqualTo(group.epoch());
                group.members().forEach(member -> assertThat(member.epoch()).isLessThanOrEqualTo(group.targetEpoch()));
                for (SimulatedConsumer consumer : consumers) {
                    // Who is behind the member's epoch may still be let in; who is ahead of it is fenced and does not
                    // know yet.
                    group.member(consumer.memberId)
                            .filter(member -> consumer.epoch <= member.epoch())
                            .ifPresent(member -> assertThat(member.owned())
                                    .as("%s holds no more than it owns", consumer.memberId)
                                    .containsAll(consumer.held.keySet()));
                }
            });
            var all = world.shard.fetch(
                    new OffsetFetchRequestGroup().setGroupId(GROUP).setTopics(null), false);
            all.topics()
                    .forEach(topic -> topic.partitions().forEach(partition -> {
                        long now = partition.committedOffset();
                        Long before = committed.put(new PartitionId(topic.topicId(), partition.partitionIndex()), now);
                        assertThat(now).isGreaterThanOrEqualTo(before == null ? 0 : before);
                    }));
            assertThat(all.topics().stream()
                            .mapToInt(topic -> topic.partitions().size())
                            .sum())
                    .as("no committed offset is lost")
                    .isEqualTo(committed.size());
        }

        private static void checkOwners(ConsumerGroup group) {
            Map<PartitionId, String> owners = new HashMap<>();
            for (ConsumerGroupMember member : group.members()) {
                for (PartitionId partition : member.owned()) {
                    assertThat(owners.put(partition, member.memberId()))
                            .as("%s has one owner", partition)
                            .isNull();
                    assertThat(group.owner(partition)).isEqualTo(member.memberId());
                }
            }
        }

        /** Without faults, and with everyone alive, the group comes to rest. */
        void settle() {
            faults = false;
            for (SimulatedConsumer consumer : consumers) {
                consumer.frozenUntilMs = 0;
                if (!consumer.alive) {
                    consumer.restart();
                }
            }
            for (int i = 0; i < 60 * consumers.size() + 200; i++) {
                step();
            }
            assertThat(world.group().state()).isEqualTo("Stable");
            Set<PartitionId> all = new TreeSet<>();
            for (SimulatedConsumer consumer : consumers) {
                assertThat(consumer.held.keySet())
                        .as("%s", consumer.memberId)
                        .isEqualTo(world.group().target(consumer.memberId));
                all.addAll(consumer.held.keySet());
            }
            world.topics.values().stream()
                    .filter(topic -> world.group().subscribesTo(topic.name()))
                    .forEach(topic -> {
                        for (int i = 0; i < topic.partitions(); i++) {
                            assertThat(all).contains(new PartitionId(topic.id(), i));
                        }
                    });
            assertThat(world.group().size()).isEqualTo(consumers.size());
        }
    }
}
