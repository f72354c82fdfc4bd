package io.naru.coordinator.group;

import static io.naru.coordinator.group.ClassicFixture.GROUP;
import static io.naru.coordinator.group.ClassicFixture.INITIAL_DELAY_MS;
import static io.naru.coordinator.group.ClassicFixture.SESSION_MS;
import static io.naru.coordinator.group.ClassicFixture.assertRefused;
import static io.naru.coordinator.group.GroupFixture.assignment;
import static io.naru.coordinator.group.GroupFixture.beat;
import static org.assertj.core.api.Assertions.assertThat;

import io.naru.coordinator.group.state.ClassicSubscriptions;
import io.naru.coordinator.record.Bytes;
import io.naru.coordinator.record.PartitionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.ConsumerProtocolAssignment;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.junit.jupiter.api.Test;

/** Groups that go from one protocol to the other while they run. */
class MigrationTest {

    private final ClassicFixture classic = new ClassicFixture();
    private final GroupFixture world = classic.world;

    /** A classic consumer as its client would have it: rejoins when called, with what it owns, and gives up what it has lost. */
    private final class Consumer {
        private final String memberId;
        private int generation;
        private SortedSet<Integer> owned = new TreeSet<>();

        private Consumer(JoinGroupResponseData joined) {
            this.memberId = joined.memberId();
            this.generation = joined.generationId();
        }

        private void beat() {
            if (classic.beat(memberId, generation) == Errors.REBALANCE_IN_PROGRESS) {
                rejoin();
            }
        }

        private void rejoin() {
            JoinGroupRequestData request = ClassicFixture.joinRequest(memberId, "cooperative-sticky");
            request.protocols().find("cooperative-sticky").setMetadata(said(owned));
            Reply<JoinGroupResponseData> reply = classic.send(request);
            if (!reply.waits()) {
                joined(reply.get());
            }
        }

        private void joined(JoinGroupResponseData joined) {
            assertThat(Errors.forCode(joined.errorCode())).isEqualTo(Errors.NONE);
            generation = joined.generationId();
            Reply<SyncGroupResponseData> synced = classic.sync(joined, Map.of());
            if (!synced.waits() && synced.get().errorCode() == 0) {
                owned = partitions(synced.get().assignment());
            }
        }
    }

    private static byte[] said(SortedSet<Integer> owned) {
        ConsumerProtocolSubscription subscription =
                new ConsumerProtocolSubscription().setTopics(List.of("orders")).setGenerationId(1);
        subscription
                .ownedPartitions()
                .add(new ConsumerProtocolSubscription.TopicPartition()
                        .setTopic("orders")
                        .setPartitions(new ArrayList<>(owned)));
        return MessageUtil.toVersionPrefixedBytes((short) 3, subscription);
    }

    private static SortedSet<Integer> partitions(byte[] assignment) {
        SortedSet<Integer> partitions = new TreeSet<>();
        ClassicSubscriptions.readAssignment(Bytes.copyOf(assignment))
                .ifPresent(read -> read.assignedPartitions().forEach(topic -> partitions.addAll(topic.partitions())));
        return partitions;
    }

    private static byte[] assigned(Integer... partitions) {
        ConsumerProtocolAssignment assignment = new ConsumerProtocolAssignment();
        assignment
                .assignedPartitions()
                .add(new ConsumerProtocolAssignment.TopicPartition()
                        .setTopic("orders")
                        .setPartitions(List.of(partitions)));
        return MessageUtil.toVersionPrefixedBytes((short) 1, assignment);
    }

    /** Two classic consumers, each with two of the four partitions. */
    private List<Consumer> classicGroup() {
        List<Reply<JoinGroupResponseData>> joining =
                List.of(classic.join("cooperative-sticky"), classic.join("cooperative-sticky"));
        classic.tick(2 * INITIAL_DELAY_MS);
        List<Consumer> consumers = new ArrayList<>();
        Map<String, byte[]> assignments = new HashMap<>();
        for (Reply<JoinGroupResponseData> reply : joining) {
            Consumer consumer = new Consumer(reply.get());
            int first = consumers.size() * 2;
            assignments.put(consumer.memberId, assigned(first, first + 1));
            consumer.owned.addAll(List.of(first, first + 1));
            consumers.add(consumer);
        }
        String leader = joining.get(0).get().leader();
        for (Consumer consumer : consumers) {
            classic.sync(new SyncGroupRequestData()
                    .setGroupId(GROUP)
                    .setMemberId(consumer.memberId)
                    .setGenerationId(consumer.generation)
                    .setAssignments(
                            consumer.memberId.equals(leader)
                                    ? assignments.entrySet().stream()
                                            .map(each -> new SyncGroupRequestAssignment()
                                                    .setMemberId(each.getKey())
                                                    .setAssignment(each.getValue()))
                                            .toList()
                                    : List.of()));
        }
        return consumers;
    }

    private SortedSet<Integer> indexes(SortedSet<PartitionId> partitions) {
        SortedSet<Integer> indexes = new TreeSet<>();
        partitions.forEach(partition -> indexes.add(partition.partition()));
        return indexes;
    }

    private static void assertDisjoint(List<SortedSet<Integer>> parts) {
        List<Integer> all = new ArrayList<>();
        parts.forEach(all::addAll);
        assertThat(all).doesNotHaveDuplicates();
    }

    @Test
    void aConsumerJoinsAClassicGroupAndEveryoneMovesOver() {
        List<Consumer> consumers = classicGroup();
        assertThat(classic.group().state()).isEqualTo("Stable");

        ConsumerGroupHeartbeatResponseData joined = world.send(GroupFixture.join("new", "orders"));
        assertThat(world.group().type()).isEqualTo("consumer");
        assertThat(world.group().members()).hasSize(3);
        SortedSet<Integer> owned = indexes(assignment(joined));
        assertThat(owned).as("what others have is not free yet").isEmpty();

        int epoch = joined.memberEpoch();
        for (int i = 0; i < 6; i++) {
            consumers.forEach(Consumer::beat);
            ConsumerGroupHeartbeatResponseData answer = world.send(beat("new", epoch));
            epoch = answer.memberEpoch();
            if (answer.assignment() != null) {
                owned = indexes(assignment(answer));
            }
            assertDisjoint(List.of(consumers.get(0).owned, consumers.get(1).owned, owned));
        }
        SortedSet<Integer> all = new TreeSet<>(owned);
        consumers.forEach(consumer -> all.addAll(consumer.owned));
        assertThat(all).containsExactly(0, 1, 2, 3);
        assertThat(owned).hasSize(1);
        assertThat(world.group().state()).isEqualTo("Stable");

        // The classic ones go, one by one, and others of the new protocol come.
        assertThat(classic.leave(consumers.get(0).memberId)).isEqualTo(Errors.NONE);
        assertThat(classic.leave(consumers.get(1).memberId)).isEqualTo(Errors.NONE);
        ConsumerGroupHeartbeatResponseData alone = world.send(beat("new", epoch));
        assertThat(indexes(assignment(alone))).containsExactly(0, 1, 2, 3);
        assertThat(world.group().type()).isEqualTo("consumer");
    }

    @Test
    void theGroupIsClassicAgainWhenTheLastConsumerHasGone() {
        List<Consumer> consumers = classicGroup();
        int epoch = world.send(GroupFixture.join("new", "orders")).memberEpoch();
        for (int i = 0; i < 4; i++) {
            consumers.forEach(Consumer::beat);
            epoch = world.send(beat("new", epoch)).memberEpoch();
        }
        Consumer first = consumers.get(0);
        assertThat(world.commit(first.memberId, first.generation, "orders", first.owned.first(), 7))
                .isEqualTo(Errors.NONE);
        world.send(beat("new", -1));
        assertThat(classic.group().state()).isEqualTo("PreparingRebalance");
        assertThat(classic.group().generation()).isEqualTo(first.generation);
        assertThat(classic.beat(first.memberId, first.generation)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        List<Reply<JoinGroupResponseData>> again = consumers.stream()
                .map(consumer -> classic.rejoin(consumer.memberId, "cooperative-sticky"))
                .toList();
        assertThat(again).noneMatch(Reply::waits);
        assertThat(again.get(0).get().generationId()).isGreaterThan(first.generation);
        assertThat(again.get(0).get().leader())
                .isIn(consumers.stream().map(c -> c.memberId).toList());
        assertThat(world.committed("orders", first.owned.first())).isEqualTo(7);
    }

    @Test
    void bothDirectionsSurviveTheCoordinator() {
        List<Consumer> consumers = classicGroup();
        int epoch = world.send(GroupFixture.join("new", "orders")).memberEpoch();
        world.restart();
        assertThat(world.group().members()).hasSize(3);
        for (int i = 0; i < 4; i++) {
            consumers.forEach(Consumer::beat);
            epoch = world.send(beat("new", epoch)).memberEpoch();
        }
        assertThat(world.group().state()).isEqualTo("Stable");
        world.send(beat("new", -1));
        world.restart();
        assertThat(classic.group().members()).hasSize(2);
        assertThat(classic.beat(consumers.get(0).memberId, consumers.get(0).generation))
                .isEqualTo(Errors.NONE);
    }

    @Test
    void aSilentClassicMemberIsTakenOut() {
        List<Consumer> consumers = classicGroup();
        int epoch = world.send(GroupFixture.join("new", "orders")).memberEpoch();
        for (int i = 0; i < 4; i++) {
            consumers.forEach(Consumer::beat);
            epoch = world.send(beat("new", epoch)).memberEpoch();
        }
        for (int passed = 0; passed <= SESSION_MS; passed += 2_000) {
            world.tick(2_000);
            consumers.get(0).beat();
            epoch = world.send(beat("new", epoch)).memberEpoch();
        }
        assertThat(world.group().members()).hasSize(2);
        assertRefused(
                Errors.UNKNOWN_MEMBER_ID, () -> classic.beat(consumers.get(1).memberId, consumers.get(1).generation));
    }

    @Test
    void aClassicConsumerJoinsAConsumerGroup() {
        int epoch = world.send(GroupFixture.join("a", "orders")).memberEpoch();
        JoinGroupResponseData joined = classic.join("cooperative-sticky").get();
        assertThat(joined.leader()).isEmpty();
        Consumer consumer = new Consumer(joined);
        consumer.joined(joined);
        SortedSet<Integer> owned = new TreeSet<>(List.of(0, 1, 2, 3));
        for (int i = 0; i < 5; i++) {
            ConsumerGroupHeartbeatResponseData answer = world.send(world.beatOwning(
                    "a",
                    epoch,
                    world.partitions("orders", owned.stream().mapToInt(p -> p).toArray())));
            epoch = answer.memberEpoch();
            owned = indexes(assignment(answer));
            consumer.beat();
            assertDisjoint(List.of(owned, consumer.owned));
        }
        assertThat(owned).hasSize(2);
        assertThat(consumer.owned).hasSize(2);
        assertRefused(
                Errors.ILLEGAL_GENERATION,
                () -> world.commit(consumer.memberId, consumer.generation - 1, "orders", 0, 1));
        assertRefused(Errors.ILLEGAL_GENERATION, () -> classic.beat(consumer.memberId, consumer.generation + 1));
    }

    @Test
    void aStaticMemberComesBackWithTheOtherProtocolAndKeepsItsPartitions() {
        classic.joinStatic("i1", "", ClassicFixture.V9);
        classic.tick(2 * INITIAL_DELAY_MS);
        String memberId = classic.group().staticMember("i1").orElseThrow().memberId();
        classic.sync(new SyncGroupRequestData()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setGroupInstanceId("i1")
                .setGenerationId(classic.group().generation())
                .setAssignments(List.of(
                        new SyncGroupRequestAssignment().setMemberId(memberId).setAssignment(assigned(0, 1, 2, 3)))));
        ConsumerGroupHeartbeatResponseData now =
                world.send(GroupFixture.join("next", "orders").setInstanceId("i1"));
        assertThat(indexes(assignment(now))).containsExactly(0, 1, 2, 3);
        assertThat(world.group().members()).hasSize(1);
        assertRefused(Errors.FENCED_INSTANCE_ID, () -> classic.beat(memberId, 1, "i1"));
    }

    @Test
    void aGroupOfOtherProtocolsStaysAsItIs() {
        classic.send(ClassicFixture.joinRequest("", "sync").setProtocolType("connect"), ClassicFixture.V3);
        assertRefused(Errors.GROUP_ID_NOT_FOUND, () -> world.send(GroupFixture.join("new", "orders")));
        assertThat(world.shard.classicGroup(GROUP)).isPresent();
    }
}
