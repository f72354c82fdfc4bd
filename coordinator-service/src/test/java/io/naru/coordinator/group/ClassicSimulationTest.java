package io.naru.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.coordinator.group.SimulatedClassicMember.Doing;
import io.naru.coordinator.group.state.ClassicGroup;
import io.naru.coordinator.group.state.Client;
import io.naru.coordinator.group.state.Outcome;
import io.naru.coordinator.record.ClassicGroupValue;
import io.naru.coordinator.record.CoordinatorRecord;
import io.naru.coordinator.record.CoordinatorRecord.GroupMetadata;
import io.naru.coordinator.record.RecordSerde;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One classic group lived through from a seed: members come, go, freeze, are killed and replaced, requests and answers get lost, commits
 * arrive late, the coordinator dies with an append. After every event:
 *
 * <ul>
 *   <li>in one generation a partition has one reader at most;
 *   <li>the generation in the log never goes back, and no member is at one that the coordinator has not reached;
 *   <li>a committed offset never goes back;
 *   <li>what is replayed is what was there.
 * </ul>
 *
 * And when the faults end, the group comes to rest with every partition read by one member. Run one seed again with
 * {@code -Dnaru.seed=}, more of them with {@code -Dnaru.seeds=}.
 */
class ClassicSimulationTest {

    private static final int SEEDS = Integer.getInteger("naru.seeds", 80);
    private static final int STEPS = 800;
    private static final int PARTITIONS = 6;
    private static final int REQUEST_TIMEOUT_MS = 30_000;

    static LongStream seeds() {
        Long one = Long.getLong("naru.seed");
        return one == null ? LongStream.range(0, SEEDS) : LongStream.of(one);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void oneReaderPerPartitionAndGenerationAndEveryRebalanceEnds(long seed) {
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

    private record Event(long atMs, String who, Object what) {}

    private record Reading(int generation, int partition) {}

    private record LateCommit(OffsetCommitRequestData request, int partition) {}

    private static final class Life {
        private final Random random;
        private final GroupFixture world = GroupFixture.withTopic("t", PARTITIONS);
        private final List<SimulatedClassicMember> members = new ArrayList<>();
        private final List<LateCommit> late = new ArrayList<>();
        private final Map<Reading, Integer> readers = new HashMap<>();
        private final long[] committed = new long[PARTITIONS];
        private final Deque<Object> trace = new ArrayDeque<>();
        private int writtenGeneration;
        private boolean faults = true;
        private int turn;

        Life(long seed) {
            random = new Random(seed);
            int count = 1 + random.nextInt(6);
            for (int i = 0; i < count; i++) {
                members.add(new SimulatedClassicMember(i));
            }
        }

        private void trace(String who, Object what) {
            if (trace.size() == 200) {
                trace.remove();
            }
            trace.add(new Event(world.nowMs, who, what));
        }

        void step() {
            world.nowMs += random.nextInt(faults ? 1_500 : 500);
            take("timers", () -> world.shard.expire(world.nowMs));
            // Without faults nobody is kept waiting by chance.
            SimulatedClassicMember member =
                    members.get(faults ? random.nextInt(members.size()) : ++turn % members.size());
            if (faults) {
                misfortune(member);
            }
            act(member);
            check();
        }

        private void misfortune(SimulatedClassicMember member) {
            switch (random.nextInt(40)) {
                case 0 -> member.frozenUntilMs = world.nowMs + random.nextInt(40_000);
                case 1 -> {
                    lateCommit(member);
                    trace(member.memberId, "is killed");
                    member.restart();
                    member.frozenUntilMs = world.nowMs + random.nextInt(30_000);
                }
                case 2 -> {
                    lateCommit(member);
                    trace(member.memberId, "is restarted");
                    member.restart();
                }
                case 3 -> leave(member);
                case 4 -> member.changeSubscription();
                case 5 -> restartCoordinator();
                case 6, 7 -> deliverLate();
                case 8 -> lateCommit(member);
                default -> {
                    // A good day.
                }
            }
        }

        private void act(SimulatedClassicMember member) {
            if (world.nowMs < member.frozenUntilMs) {
                return;
            }
            switch (member.doing) {
                case DEAD -> member.restart();
                case OUTSIDE -> join(member);
                case JOINING -> joining(member);
                case SYNCING -> syncing(member);
                case READING -> reading(member);
                default -> throw new AssertionError();
            }
        }

        private boolean lost() {
            return faults && random.nextInt(20) == 0;
        }

        private void join(SimulatedClassicMember member) {
            Reply<JoinGroupResponseData> reply = new Reply<>();
            var request = member.join(reply);
            member.askedAtMs = world.nowMs;
            if (lost()) {
                return;
            }
            // The coordinator may answer to nobody: the client has gone on to another attempt.
            Reply<JoinGroupResponseData> to = lost() ? new Reply<>() : reply;
            ask(
                    member,
                    () -> world.shard.join(
                            request, ClassicFixture.V9, new Client("c" + member.number, "/h"), to, world.nowMs));
        }

        private void joining(SimulatedClassicMember member) {
            JoinGroupResponseData joined = member.joined();
            if (joined == null) {
                if (world.nowMs - member.askedAtMs > REQUEST_TIMEOUT_MS) {
                    join(member);
                }
                return;
            }
            Errors error = Errors.forCode(joined.errorCode());
            if (error == Errors.MEMBER_ID_REQUIRED) {
                member.memberId = joined.memberId();
                join(member);
            } else if (error != Errors.NONE) {
                member.refused(error);
            } else {
                sync(member, joined);
            }
        }

        private void sync(SimulatedClassicMember member, JoinGroupResponseData joined) {
            Reply<SyncGroupResponseData> reply = new Reply<>();
            var request = member.sync(joined, PARTITIONS, reply);
            member.askedAtMs = world.nowMs;
            if (!lost()) {
                Reply<SyncGroupResponseData> to = lost() ? new Reply<>() : reply;
                ask(member, () -> world.shard.sync(request, to, world.nowMs));
            }
        }

        private void syncing(SimulatedClassicMember member) {
            SyncGroupResponseData synced = member.synced();
            if (synced == null) {
                if (world.nowMs - member.askedAtMs > REQUEST_TIMEOUT_MS) {
                    member.outside();
                }
                return;
            }
            Errors error = Errors.forCode(synced.errorCode());
            if (error == Errors.NONE) {
                member.read(synced, world);
                trace(member.memberId, "reads " + member.held + " in generation " + member.generation);
            } else {
                member.refused(error);
            }
        }

        private void reading(SimulatedClassicMember member) {
            for (int partition : List.copyOf(member.held.keySet())) {
                if (random.nextInt(3) == 0 && member.doing == Doing.READING) {
                    member.held.merge(partition, (long) random.nextInt(10), Long::sum);
                    commit(commitRequest(member, partition));
                }
            }
            if (world.nowMs >= member.nextHeartbeatMs && member.doing == Doing.READING && !lost()) {
                member.nextHeartbeatMs = world.nowMs + 3_000;
                ask(member, () -> {
                    var outcome = world.shard.classicHeartbeat(member.heartbeat(), world.nowMs);
                    Errors error = Errors.forCode(outcome.response().errorCode());
                    if (error != Errors.NONE) {
                        member.refused(error);
                    }
                    return outcome;
                });
            }
        }

        private <R> void ask(SimulatedClassicMember member, Supplier<Outcome<R>> request) {
            try {
                take(member.memberId, request);
            } catch (ApiException refused) {
                if (!lost()) {
                    trace(member.memberId, refused.getMessage());
                    member.refused(Errors.forException(refused));
                }
            }
        }

        private void leave(SimulatedClassicMember member) {
            if (!member.memberId.isEmpty() && member.doing == Doing.READING) {
                String memberId = member.memberId;
                member.restart();
                take(
                        memberId,
                        () -> world.shard.leave(
                                new LeaveGroupRequestData()
                                        .setGroupId(GroupFixture.GROUP)
                                        .setMembers(List.of(new MemberIdentity().setMemberId(memberId))),
                                false,
                                world.nowMs));
            }
        }

        private OffsetCommitRequestData commitRequest(SimulatedClassicMember member, int partition) {
            return GroupFixture.commitRequest(
                            member.memberId, member.generation, "t", partition, member.held.get(partition))
                    .setGroupInstanceId(member.instanceId);
        }

        private void lateCommit(SimulatedClassicMember member) {
            if (!member.held.isEmpty()) {
                int partition = member.held.firstKey();
                late.add(new LateCommit(commitRequest(member, partition), partition));
            }
        }

        /** Commits arrive after their generation. (One that overtakes a later one of its own generation is beyond the protocol.) */
        private void deliverLate() {
            int generation = world.shard
                    .classicGroup(GroupFixture.GROUP)
                    .map(ClassicGroup::generation)
                    .orElse(0);
            for (LateCommit commit : List.copyOf(late)) {
                if (commit.request().generationIdOrMemberEpoch() != generation) {
                    late.remove(commit);
                    commit(commit.request());
                }
            }
        }

        private void commit(OffsetCommitRequestData request) {
            try {
                take(request.memberId(), () -> world.shard.commit(request, (short) 9, world.nowMs));
            } catch (ApiException refused) {
                assertThat(Errors.forException(refused))
                        .isIn(
                                Errors.UNKNOWN_MEMBER_ID,
                                Errors.ILLEGAL_GENERATION,
                                Errors.FENCED_INSTANCE_ID,
                                Errors.REBALANCE_IN_PROGRESS,
                                Errors.GROUP_ID_NOT_FOUND);
            }
        }

        /** Appends what an operation wrote; now and then the coordinator dies before or after. */
        private <R> @Nullable R take(String who, Supplier<Outcome<R>> operation) {
            Outcome<R> outcome = operation.get();
            outcome.records().forEach(record -> trace(who, record));
            if (faults && !outcome.records().isEmpty() && random.nextInt(40) == 0) {
                int kept = random.nextInt(outcome.records().size() + 1);
                trace("coordinator", "died; of those it appended " + kept);
                world.log.addAll(outcome.records().subList(0, kept));
                world.restart();
                return null;
            }
            outcome.records().forEach(this::written);
            world.log.addAll(outcome.records());
            outcome.deliveries().forEach(Reply::take);
            return outcome.response();
        }

        private void written(CoordinatorRecord record) {
            if (record instanceof GroupMetadata metadata) {
                ClassicGroupValue value = metadata.value();
                assertThat(value).isNotNull();
                assertThat(value.generation()).isGreaterThanOrEqualTo(writtenGeneration);
                writtenGeneration = value.generation();
                byte[] bytes = RecordSerde.value(record);
                assertThat(bytes).isNotNull();
                assertThat(RecordSerde.read(ByteBuffer.wrap(RecordSerde.key(record)), ByteBuffer.wrap(bytes)))
                        .hasValue(record);
            }
        }

        private void restartCoordinator() {
            trace("coordinator", "is restarted");
            List<CoordinatorRecord> live = world.shard.snapshot();
            world.restart();
            assertThat(world.shard.snapshot()).as("replayed").isEqualTo(live);
        }

        private void check() {
            int reached = world.shard
                    .classicGroup(GroupFixture.GROUP)
                    .map(ClassicGroup::generation)
                    .orElse(0);
            for (SimulatedClassicMember member : members) {
                if (member.doing == Doing.READING) {
                    assertThat(member.generation).isLessThanOrEqualTo(reached);
                }
                for (int partition : member.held.keySet()) {
                    Integer other = readers.put(new Reading(member.generation, partition), member.number);
                    assertThat(other == null ? member.number : other)
                            .as("reader of %s in generation %s", partition, member.generation)
                            .isEqualTo(member.number);
                }
            }
            for (int partition = 0; partition < PARTITIONS; partition++) {
                long now = world.committed("t", partition);
                assertThat(now).as("committed of %s", partition).isGreaterThanOrEqualTo(committed[partition] - 1);
                committed[partition] = now + 1;
            }
        }

        /** Without faults, and with everyone awake, the group comes to rest. */
        void settle() {
            faults = false;
            members.forEach(member -> member.frozenUntilMs = 0);
            for (int i = 0; i < 400 * members.size() + 400; i++) {
                step();
            }
            ClassicGroup group = world.shard.classicGroup(GroupFixture.GROUP).orElseThrow();
            assertThat(group.state()).isEqualTo("Stable");
            TreeSet<Integer> all = new TreeSet<>();
            for (SimulatedClassicMember member : members) {
                assertThat(member.doing).isEqualTo(Doing.READING);
                assertThat(member.generation).isEqualTo(group.generation());
                member.held
                        .keySet()
                        .forEach(partition -> assertThat(all.add(partition)).isTrue());
            }
            assertThat(all).hasSize(PARTITIONS);
            assertThat(group.size()).isEqualTo(members.size());
        }
    }
}
