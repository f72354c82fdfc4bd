package io.naru.coordinator.group;

import static io.naru.coordinator.group.GroupFixture.GROUP;
import static io.naru.coordinator.group.GroupFixture.assignment;
import static io.naru.coordinator.group.GroupFixture.beat;
import static io.naru.coordinator.group.GroupFixture.commitRequest;
import static io.naru.coordinator.group.GroupFixture.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.protocol.Errors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class OffsetsTest {

    private static final short V8 = 8;
    private static final short V9 = 9;
    private static final short V10 = 10;

    private final GroupFixture fixture = GroupFixture.withTopic("orders", 4);

    private static void assertError(Errors error, ThrowingCallable call) {
        assertThatThrownBy(call)
                .satisfies(e -> assertThat(Errors.forException(e)).isEqualTo(error));
    }

    private Errors commitPartition(int partition, long offset, String metadata) {
        OffsetCommitRequestData request = commitRequest("", -1, "orders", partition, offset);
        request.topics().get(0).partitions().get(0).setCommittedMetadata(metadata);
        return Errors.forCode(fixture.take(fixture.shard.commit(request, V9, fixture.nowMs))
                .topics()
                .get(0)
                .partitions()
                .get(0)
                .errorCode());
    }

    @Test
    void whoeverHasNoMembersMayCommit() {
        assertThat(fixture.commit("", -1, "orders", 0, 42)).isEqualTo(Errors.NONE);
        assertThat(fixture.committed("orders", 0)).isEqualTo(42);
        assertThat(fixture.committed("orders", 1)).isEqualTo(-1);
        fixture.restart();
        assertThat(fixture.committed("orders", 0)).isEqualTo(42);
    }

    @Test
    void whileAGroupHasMembersOnlyTheyCommit() {
        fixture.send(join("a", "orders"));

        assertThat(fixture.commit("a", 1, "orders", 0, 5)).isEqualTo(Errors.NONE);
        assertError(Errors.UNKNOWN_MEMBER_ID, () -> fixture.commit("", -1, "orders", 0, 9));
        assertError(Errors.UNKNOWN_MEMBER_ID, () -> fixture.commit("b", 1, "orders", 0, 9));
        assertError(Errors.STALE_MEMBER_EPOCH, () -> fixture.commit("a", 2, "orders", 0, 9));
        assertError(Errors.STALE_MEMBER_EPOCH, () -> fixture.commit("a", -1, "orders", 0, 9));
        assertThat(fixture.committed("orders", 0)).isEqualTo(5);

        fixture.send(beat("a", -1));
        assertThat(fixture.commit("", -1, "orders", 0, 9)).isEqualTo(Errors.NONE);
    }

    @Test
    void aLateCommitCountsForWhatStayedTheMembers() {
        fixture.send(join("a", "orders"));
        fixture.send(join("b", "orders"));
        var kept = assignment(fixture.send(beat("a", 1)));
        fixture.send(fixture.beatOwning("a", 1, kept));
        int stayed = kept.first().partition();
        var given = assignment(fixture.send(beat("b", 2)));
        int moved = given.first().partition();

        assertThat(fixture.commit("a", 1, "orders", stayed, 5)).isEqualTo(Errors.NONE);
        assertThat(fixture.commit("a", 1, "orders", moved, 6)).isEqualTo(Errors.STALE_MEMBER_EPOCH);
        assertThat(fixture.committed("orders", moved)).isEqualTo(-1);
        assertThat(fixture.commit("b", 2, "orders", moved, 7)).isEqualTo(Errors.NONE);
    }

    @Test
    void aMemberCommitsWhatItIsAboutToGiveUp() {
        fixture.send(join("a", "orders"));
        fixture.send(join("b", "orders"));
        var kept = assignment(fixture.send(beat("a", 1)));
        int leaving = fixture.partitions("orders", 0, 1, 2, 3).stream()
                .filter(p -> !kept.contains(p))
                .findFirst()
                .orElseThrow()
                .partition();

        assertThat(fixture.commit("a", 1, "orders", leaving, 8)).isEqualTo(Errors.NONE);
    }

    @Test
    void membersOfConsumerGroupsCommitByVersion9() {
        fixture.send(join("a", "orders"));

        assertError(
                Errors.UNSUPPORTED_VERSION,
                () -> fixture.shard.commit(commitRequest("a", 1, "orders", 0, 1), V8, fixture.nowMs));
    }

    @Test
    void aGroupThatIsNotThereHasNoGenerations() {
        assertError(Errors.GROUP_ID_NOT_FOUND, () -> fixture.commit("a", 1, "orders", 0, 1));
        assertError(
                Errors.ILLEGAL_GENERATION,
                () -> fixture.shard.commit(commitRequest("a", 1, "orders", 0, 1), V8, fixture.nowMs));
        assertError(
                Errors.INVALID_GROUP_ID,
                () -> fixture.shard.commit(commitRequest("", -1, "orders", 0, 1).setGroupId(""), V9, fixture.nowMs));
    }

    @Test
    void aStaticMemberThatWasReplacedCannotCommit() {
        fixture.send(join("a", "orders").setInstanceId("i"));
        fixture.send(beat("a", -2).setInstanceId("i"));
        fixture.send(join("b", "orders").setInstanceId("i"));

        assertError(Errors.UNKNOWN_MEMBER_ID, () -> fixture.commit("a", 1, "orders", 0, 1));
        assertThat(fixture.commit("b", 1, "orders", 0, 1)).isEqualTo(Errors.NONE);
    }

    @Test
    void badPartitionsAreRefusedAndLeaveTheirNeighboursAlone() {
        assertThat(commitPartition(0, -7, "")).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(commitPartition(4, 1, "")).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(commitPartition(-1, 1, "")).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(commitPartition(0, 1, "x".repeat(4_097))).isEqualTo(Errors.OFFSET_METADATA_TOO_LARGE);
        assertThat(fixture.log).isEmpty();
        assertThat(commitPartition(0, 1, "x".repeat(4_096))).isEqualTo(Errors.NONE);
        assertThat(commitPartition(1, 1_000_000_000_000_000L, null)).isEqualTo(Errors.NONE);
        assertThat(fixture.commit("", -1, "unknown", 0, 1)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);

        OffsetCommitRequestData mixed = commitRequest("", -1, "orders", 2, 3);
        mixed.topics()
                .get(0)
                .setPartitions(List.of(
                        new OffsetCommitRequestPartition().setPartitionIndex(99).setCommittedOffset(1),
                        new OffsetCommitRequestPartition().setPartitionIndex(2).setCommittedOffset(3)));
        fixture.take(fixture.shard.commit(mixed, V9, fixture.nowMs));
        assertThat(fixture.committed("orders", 2)).isEqualTo(3);
    }

    @Test
    void topicIdsAreCommittedAndFetched() {
        Uuid id = fixture.topics.get("orders").id();
        Uuid unknown = new Uuid(1, 99);
        OffsetCommitRequestData request =
                commitRequest("", -1, "", 0, 3).setTopics(List.of(idTopic(id, 3), idTopic(unknown, 4)));

        var answer = fixture.take(fixture.shard.commit(request, V10, fixture.nowMs));

        assertThat(answer.topics()).extracting(t -> t.topicId()).containsExactly(id, unknown);
        assertThat(answer.topics())
                .extracting(t -> Errors.forCode(t.partitions().get(0).errorCode()))
                .containsExactly(Errors.NONE, Errors.UNKNOWN_TOPIC_ID);
        var fetched = fixture.shard.fetch(
                new OffsetFetchRequestGroup()
                        .setGroupId(GROUP)
                        .setTopics(List.of(
                                new OffsetFetchRequestTopics().setTopicId(id).setPartitionIndexes(List.of(0)),
                                new OffsetFetchRequestTopics()
                                        .setTopicId(unknown)
                                        .setPartitionIndexes(List.of(0)))),
                true);
        assertThat(fetched.topics().get(0).partitions().get(0).committedOffset())
                .isEqualTo(3);
        assertThat(fetched.topics().get(1).partitions().get(0).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
        var all = fixture.shard.fetch(
                new OffsetFetchRequestGroup().setGroupId(GROUP).setTopics(null), true);
        assertThat(all.topics())
                .singleElement()
                .satisfies(t -> assertThat(t.topicId()).isEqualTo(id));
    }

    private static OffsetCommitRequestTopic idTopic(Uuid id, long offset) {
        return new OffsetCommitRequestTopic()
                .setTopicId(id)
                .setPartitions(List.of(
                        new OffsetCommitRequestPartition().setPartitionIndex(0).setCommittedOffset(offset)));
    }

    @Test
    void aFetchIsFencedLikeACommit() {
        fixture.send(join("a", "orders"));
        OffsetFetchRequestGroup request = new OffsetFetchRequestGroup().setGroupId(GROUP);

        assertThat(fixture.shard
                        .fetch(request.setMemberId("a").setMemberEpoch(1), false)
                        .errorCode())
                .isZero();
        assertError(Errors.STALE_MEMBER_EPOCH, () -> fixture.shard.fetch(request.setMemberEpoch(0), false));
        assertError(Errors.UNKNOWN_MEMBER_ID, () -> fixture.shard.fetch(request.setMemberId("b"), false));
        assertError(Errors.GROUP_ID_NOT_FOUND, () -> fixture.shard.fetch(request.setGroupId("h"), false));
        assertThat(fixture.shard
                        .fetch(request.setMemberId(null).setMemberEpoch(-1), false)
                        .topics())
                .as("an unknown group has committed nothing")
                .isEmpty();
    }

    @Test
    void offsetsGoWithTheirTopic() {
        fixture.topic("other", 1);
        fixture.commit("", -1, "orders", 0, 5);
        fixture.commit("", -1, "other", 0, 6);

        fixture.deleteTopic("orders").topic("orders", 4);

        assertThat(fixture.committed("orders", 0)).isEqualTo(-1);
        assertThat(fixture.committed("other", 0)).isEqualTo(6);
    }

    @Test
    void anOffsetOfAnEarlierTopicOfTheSameNameDoesNotCount() {
        fixture.commit("", -1, "orders", 0, 5);
        var old = List.copyOf(fixture.log);
        GroupFixture later = GroupFixture.withTopic("filler", 1).topic("orders", 4);
        later.log.addAll(old);

        later.restart();

        assertThat(later.committed("orders", 0)).isEqualTo(-1);
        assertThat(later.shard
                        .fetch(new OffsetFetchRequestGroup().setGroupId(GROUP).setTopics(null), false)
                        .topics())
                .isEmpty();
    }

    @Test
    void offsetsOfTopicsThatNobodyReadsCanBeDeleted() {
        fixture.topic("other", 2);
        fixture.commit("", -1, "orders", 0, 5);
        fixture.commit("", -1, "other", 0, 6);
        fixture.send(join("a", "orders"));

        var answer = fixture.take(fixture.shard.deleteOffsets(deletion("orders", "other")));

        assertThat(answer.topics().find("orders").partitions().find(0).errorCode())
                .isEqualTo(Errors.GROUP_SUBSCRIBED_TO_TOPIC.code());
        assertThat(answer.topics().find("other").partitions().find(0).errorCode())
                .isZero();
        assertThat(fixture.committed("orders", 0)).isEqualTo(5);
        assertThat(fixture.committed("other", 0)).isEqualTo(-1);
        assertError(
                Errors.GROUP_ID_NOT_FOUND,
                () -> fixture.shard.deleteOffsets(deletion("orders").setGroupId("h")));
    }

    private static OffsetDeleteRequestData deletion(String... topics) {
        OffsetDeleteRequestTopicCollection collection = new OffsetDeleteRequestTopicCollection();
        for (String topic : topics) {
            collection.add(new OffsetDeleteRequestTopic()
                    .setName(topic)
                    .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(0))));
        }
        return new OffsetDeleteRequestData().setGroupId(GROUP).setTopics(collection);
    }

    @Test
    void aGroupIsDeletedWithItsOffsetsWhenNobodyIsInIt() {
        fixture.send(join("a", "orders"));
        fixture.commit("a", 1, "orders", 0, 5);
        assertThat(fixture.take(fixture.shard.deleteGroup(GROUP))).isEqualTo(Errors.NON_EMPTY_GROUP);
        fixture.send(beat("a", -1));

        assertThat(fixture.take(fixture.shard.deleteGroup(GROUP))).isEqualTo(Errors.NONE);

        assertThat(fixture.shard.snapshot()).isEmpty();
        assertThat(fixture.take(fixture.shard.deleteGroup(GROUP))).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
        fixture.commit("", -1, "orders", 0, 5);
        assertThat(fixture.take(fixture.shard.deleteGroup(GROUP))).isEqualTo(Errors.NONE);
        assertThat(fixture.shard.snapshot()).isEmpty();
    }

    @Test
    void groupsAreListedByStateAndType() {
        fixture.send(join("a", "orders"));
        fixture.take(
                fixture.shard.commit(commitRequest("", -1, "orders", 0, 5).setGroupId("simple"), V9, fixture.nowMs));

        assertThat(fixture.shard.list(List.of(), List.of()))
                .extracting(g -> g.groupId() + " " + g.groupState() + " " + g.groupType() + " " + g.protocolType())
                .containsExactly("g Stable consumer consumer", "simple Empty classic ");
        assertThat(fixture.shard.list(List.of("stable"), List.of()))
                .extracting(g -> g.groupId())
                .containsExactly("g");
        assertThat(fixture.shard.list(List.of(), List.of("Classic")))
                .extracting(g -> g.groupId())
                .containsExactly("simple");
        assertThat(fixture.shard.describeClassic("simple", (short) 6).groupState())
                .isEqualTo("Empty");
        assertThat(fixture.shard.describeClassic(GROUP, (short) 6).errorCode())
                .isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
        assertThat(fixture.shard.describeClassic(GROUP, (short) 5).groupState()).isEqualTo("Dead");
    }

    @Test
    void aGroupIsDescribed() {
        fixture.send(join("a", "orders").setInstanceId("i").setRackId("r"));
        fixture.send(join("b", "orders"));

        var described = fixture.shard.describe(GROUP);

        assertThat(described.groupState()).isEqualTo("Reconciling");
        assertThat(described.groupEpoch()).isEqualTo(2);
        assertThat(described.assignmentEpoch()).isEqualTo(2);
        assertThat(described.assignorName()).isEqualTo("uniform");
        assertThat(described.members()).hasSize(2);
        var member = described.members().get(0);
        assertThat(member.memberId()).isEqualTo("a");
        assertThat(member.instanceId()).isEqualTo("i");
        assertThat(member.rackId()).isEqualTo("r");
        assertThat(member.memberEpoch()).isEqualTo(1);
        assertThat(member.clientHost()).isEqualTo("/127.0.0.1");
        assertThat(member.assignment().topicPartitions().get(0).topicName()).isEqualTo("orders");
        assertThat(member.assignment().topicPartitions().get(0).partitions()).containsExactly(0, 1, 2, 3);
        assertThat(member.targetAssignment().topicPartitions().get(0).partitions())
                .hasSize(2);
        assertThat(fixture.shard.describe("h").errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
    }
}
