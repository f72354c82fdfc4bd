package io.naru.coordinator.group;

import static io.naru.coordinator.group.GroupFixture.GROUP;
import static io.naru.coordinator.group.GroupFixture.assignment;
import static io.naru.coordinator.group.GroupFixture.beat;
import static io.naru.coordinator.group.GroupFixture.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.coordinator.group.state.ClassicSettings;
import io.naru.coordinator.group.state.Client;
import io.naru.coordinator.group.state.GroupSettings;
import io.naru.coordinator.group.state.Outcome;
import io.naru.coordinator.record.PartitionId;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConsumerHeartbeatsTest {

    private final GroupFixture fixture = GroupFixture.withTopic("orders", 4);

    private void assertRefused(Errors error, ThrowingCallable call) {
        int before = fixture.log.size();
        assertThatThrownBy(call)
                .isInstanceOf(ApiException.class)
                .satisfies(e -> assertThat(Errors.forException(e)).isEqualTo(error));
        assertThat(fixture.log).as("a refusal writes nothing").hasSize(before);
        fixture.take(Outcome.answer(true));
    }

    @Test
    void theFirstMemberGetsEverythingAtOnce() {
        ConsumerGroupHeartbeatResponseData answer = fixture.send(join("a", "orders"));

        assertThat(answer.memberId()).isEqualTo("a");
        assertThat(answer.memberEpoch()).isEqualTo(1);
        assertThat(answer.heartbeatIntervalMs()).isEqualTo(5_000);
        assertThat(assignment(answer)).containsExactlyElementsOf(fixture.partitions("orders", 0, 1, 2, 3));
        assertThat(fixture.group().state()).isEqualTo("Stable");
    }

    @Test
    void aMemberOfBeforeKip1082GetsAnId() {
        ConsumerGroupHeartbeatResponseData answer = fixture.send(join("", "orders"), (short) 0);

        assertThat(answer.memberId()).isEqualTo("generated-1");
        assertRefused(Errors.INVALID_REQUEST, () -> fixture.send(join("", "orders")));
    }

    @Test
    void aSteadyHeartbeatWritesNothing() {
        fixture.send(join("a", "orders"));
        int before = fixture.log.size();

        ConsumerGroupHeartbeatResponseData answer = fixture.send(beat("a", 1));

        assertThat(fixture.log).hasSize(before);
        assertThat(answer.assignment()).isNull();
        assertThat(answer.memberEpoch()).isEqualTo(1);
    }

    @Test
    void partitionsMoveOnlyAfterTheyWereGivenUp() {
        fixture.send(join("a", "orders"));
        ConsumerGroupHeartbeatResponseData newcomer = fixture.send(join("b", "orders"));
        assertThat(newcomer.memberEpoch()).isEqualTo(2);
        assertThat(assignment(newcomer)).as("nothing is free yet").isEmpty();

        ConsumerGroupHeartbeatResponseData told = fixture.send(beat("a", 1));
        assertThat(told.memberEpoch()).as("its epoch waits for its revocation").isEqualTo(1);
        assertThat(assignment(told)).hasSize(2);
        assertThat(assignment(fixture.send(beat("a", 1)))).as("reminded").isEqualTo(assignment(told));
        assertThat(fixture.send(beat("b", 2)).assignment()).isNull();
        assertThat(fixture.group().state()).isEqualTo("Reconciling");

        ConsumerGroupHeartbeatResponseData done = fixture.send(fixture.beatOwning("a", 1, assignment(told)));
        assertThat(done.memberEpoch()).isEqualTo(2);

        ConsumerGroupHeartbeatResponseData given = fixture.send(beat("b", 2));
        assertThat(assignment(given)).hasSize(2).doesNotContainAnyElementsOf(assignment(told));
        assertThat(fixture.group().state()).isEqualTo("Stable");
    }

    @Test
    void aMemberThatLeavesFreesItsPartitions() {
        fixture.send(join("a", "orders"));
        fixture.send(join("b", "orders"));

        ConsumerGroupHeartbeatResponseData left = fixture.send(beat("a", -1));

        assertThat(left.memberEpoch()).isEqualTo(-1);
        assertThat(assignment(fixture.send(beat("b", 2)))).hasSize(4);
        assertRefused(Errors.UNKNOWN_MEMBER_ID, () -> fixture.send(beat("a", 1)));
        assertRefused(Errors.UNKNOWN_MEMBER_ID, () -> fixture.send(beat("a", -1)));
    }

    @Test
    void aSilentMemberIsEvictedAfterItsSession() {
        fixture.send(join("a", "orders"));
        fixture.send(join("b", "orders"));
        fixture.tick(30_000);
        fixture.send(beat("b", 2));
        fixture.tick(14_999);
        assertThat(fixture.group().size()).isEqualTo(2);

        fixture.tick(1);

        assertThat(fixture.group().size()).isEqualTo(1);
        assertThat(assignment(fixture.send(beat("b", 2)))).hasSize(4);
        assertRefused(Errors.UNKNOWN_MEMBER_ID, () -> fixture.send(beat("a", 1)));
    }

    @Test
    void aMemberThatDoesNotGiveUpInTimeIsEvicted() {
        fixture.send(join("a", "orders"));
        fixture.send(join("b", "orders"));
        fixture.send(beat("a", 1));
        for (int i = 0; i < 5; i++) {
            fixture.tick(10_000);
            fixture.send(beat("a", 1));
            fixture.send(beat("b", 2));
        }
        assertThat(fixture.group().size()).isEqualTo(2);

        fixture.tick(10_000);

        assertThat(fixture.group().member("a")).isEmpty();
        assertThat(assignment(fixture.send(beat("b", 2)))).hasSize(4);
    }

    @Test
    void aMemberThatMissedItsAnswerGoesOnFromItsPreviousEpoch() {
        var first = fixture.send(join("a", "orders"));
        fixture.topic("orders", 6);
        fixture.send(beat("a", 1));
        assertThat(fixture.group().member("a").orElseThrow().epoch()).isEqualTo(2);

        ConsumerGroupHeartbeatResponseData again = fixture.send(fixture.beatOwning("a", 1, assignment(first)));

        assertThat(again.memberEpoch()).isEqualTo(2);
        assertThat(assignment(again)).hasSize(6);
    }

    @Test
    void aMemberThatMissedItsAnswerAndSaysNothingOfWhatItOwnsIsFenced() {
        fixture.send(join("a", "orders"));
        fixture.topic("orders", 6);
        fixture.send(beat("a", 1));

        assertRefused(Errors.FENCED_MEMBER_EPOCH, () -> fixture.send(beat("a", 1)));
    }

    @Test
    void aMemberThatOwnsWhatIsAnothersIsFenced() {
        fixture.send(join("a", "orders"));
        fixture.send(join("b", "orders"));
        var kept = assignment(fixture.send(beat("a", 1)));
        fixture.send(fixture.beatOwning("a", 1, kept));

        assertRefused(
                Errors.FENCED_MEMBER_EPOCH,
                () -> fixture.send(fixture.beatOwning("a", 1, fixture.partitions("orders", 0, 1, 2, 3))));
    }

    @Test
    void anEpochThatNeverWasIsFenced() {
        fixture.send(join("a", "orders"));

        assertRefused(Errors.FENCED_MEMBER_EPOCH, () -> fixture.send(beat("a", 2)));
    }

    @Test
    void aMemberThatJoinsAgainKeepsItsPlace() {
        fixture.send(join("a", "orders"));
        int before = fixture.log.size();

        ConsumerGroupHeartbeatResponseData again = fixture.send(join("a", "orders"));

        assertThat(assignment(again)).hasSize(4);
        assertThat(again.memberEpoch()).isEqualTo(1);
        assertThat(fixture.log).hasSize(before);
    }

    @Test
    void newPartitionsAndNewTopicsAreFound() {
        fixture.send(join("a", "orders", "later"));
        fixture.topic("orders", 5);
        assertThat(assignment(fixture.send(beat("a", 1)))).hasSize(5);
        fixture.topic("later", 2);
        assertThat(assignment(fixture.send(beat("a", 2)))).hasSize(7);
        fixture.topic("unrelated", 2);
        int before = fixture.log.size();
        assertThat(fixture.send(beat("a", 3)).assignment()).isNull();
        assertThat(fixture.log).hasSize(before);
    }

    @Test
    void aDeletedTopicsPartitionsAreTakenBack() {
        fixture.topic("other", 2);
        fixture.send(join("a", "orders", "other"));
        fixture.deleteTopic("other");

        var told = fixture.send(beat("a", 1));
        assertThat(assignment(told)).hasSize(4);
        var done = fixture.send(fixture.beatOwning("a", 1, assignment(told)));

        assertThat(done.memberEpoch()).isEqualTo(2);
    }

    @Test
    void aTopicCreatedAnewIsAnotherTopic() {
        var before = assignment(fixture.send(join("a", "orders")));
        fixture.deleteTopic("orders").topic("orders", 4);

        var told = assignment(fixture.send(beat("a", 1)));
        assertThat(told).isEmpty();
        var after = assignment(fixture.send(fixture.beatOwning("a", 1, told)));

        assertThat(after).hasSize(4).doesNotContainAnyElementsOf(before);
    }

    @Test
    void aPatternIsFollowedAsTopicsComeAndGo() {
        var request = join("a").setSubscribedTopicNames(null).setSubscribedTopicRegex("or.*|__.*");
        fixture.topic("__consumer_offsets", 50);

        assertThat(assignment(fixture.send(request))).hasSize(4);
        assertThat(fixture.group().regexes()).containsOnlyKeys("or.*|__.*");
        fixture.topic("oranges", 1).topic("apples", 3);
        assertThat(assignment(fixture.send(beat("a", 1)))).hasSize(5);
        var changed = fixture.send(beat("a", 2).setSubscribedTopicRegex("").setSubscribedTopicNames(List.of("apples")));
        fixture.send(fixture.beatOwning("a", 2, assignment(changed)));
        assertThat(fixture.group().regexes()).isEmpty();
        assertThat(fixture.group().target("a")).hasSize(3);
    }

    @Test
    void theAssignorMostMembersAskForIsUsed() {
        fixture.topic("other", 4);
        fixture.send(join("a", "orders", "other").setServerAssignor("range"));
        fixture.send(join("b", "orders", "other").setServerAssignor("range"));
        fixture.send(join("c", "orders", "other").setServerAssignor("uniform"));

        assertThat(fixture.shard.describe(GROUP).assignorName()).isEqualTo("range");
        assertThat(fixture.group().target("a"))
                .extracting(PartitionId::partition)
                .containsExactlyInAnyOrder(0, 1, 0, 1);
    }

    @Test
    void aStaticMemberComesBackToItsPartitions() {
        var before = assignment(fixture.send(join("a", "orders").setInstanceId("i")));
        fixture.send(join("b", "orders"));
        assertThat(fixture.send(beat("a", -2).setInstanceId("i")).memberEpoch()).isEqualTo(-2);
        int epoch = fixture.group().epoch();
        assertThat(fixture.send(beat("b", 2)).assignment())
                .as("nobody takes them meanwhile")
                .isNull();

        var back = fixture.send(join("a2", "orders").setInstanceId("i"));

        assertThat(fixture.group().epoch()).as("no rebalance").isEqualTo(epoch);
        assertThat(assignment(back)).hasSize(2);
        assertThat(before).containsAll(assignment(back));
        assertThat(fixture.group().member("a")).isEmpty();
        assertThat(assignment(fixture.send(beat("b", 2)))).hasSize(2);
        assertRefused(Errors.FENCED_INSTANCE_ID, () -> fixture.send(beat("a", 1).setInstanceId("i")));
    }

    @Test
    void aStaticMemberThatDoesNotComeBackIsEvicted() {
        fixture.send(join("a", "orders").setInstanceId("i"));
        fixture.send(join("b", "orders"));
        fixture.send(beat("a", -2).setInstanceId("i"));
        fixture.tick(44_000);
        fixture.send(beat("b", 2));
        fixture.tick(1_000);

        assertThat(assignment(fixture.send(beat("b", 2)))).hasSize(4);
    }

    @Test
    void anInstanceIdInUseIsRefused() {
        fixture.send(join("a", "orders").setInstanceId("i"));

        assertRefused(
                Errors.UNRELEASED_INSTANCE_ID,
                () -> fixture.send(join("b", "orders").setInstanceId("i")));
        assertRefused(Errors.UNKNOWN_MEMBER_ID, () -> fixture.send(beat("a", 1).setInstanceId("j")));
        assertThat(assignment(fixture.send(join("a", "orders").setInstanceId("i"))))
                .as("its own member may join again: its answer may have been lost")
                .hasSize(4);
    }

    @Test
    void aStaticMemberThatReturnsUnderItsOldIdIsWelcome() {
        fixture.send(join("a", "orders").setInstanceId("i"));
        fixture.send(beat("a", -2).setInstanceId("i"));

        var back = fixture.send(join("a", "orders").setInstanceId("i"));

        assertThat(assignment(back)).hasSize(4);
        assertThat(back.memberEpoch()).isEqualTo(1);
    }

    @Test
    void aRestartChangesNothingForMembers() {
        fixture.send(join("a", "orders"));
        fixture.send(join("b", "orders"));
        var told = assignment(fixture.send(beat("a", 1)));
        int before = fixture.log.size();

        fixture.restart();

        assertThat(assignment(fixture.send(beat("a", 1)))).isEqualTo(told);
        assertThat(fixture.send(beat("b", 2)).assignment()).isNull();
        assertThat(fixture.log).as("no new epoch").hasSize(before);
        fixture.tick(44_999);
        assertThat(fixture.group().size()).isEqualTo(2);
        fixture.tick(1);
        assertThat(fixture.group().size()).isZero();
        assertThat(fixture.group().state()).isEqualTo("Empty");
    }

    @Test
    void theRebalanceDeadlineHoldsAcrossARestart() {
        fixture.send(join("a", "orders"));
        fixture.send(join("b", "orders"));
        fixture.send(beat("a", 1));
        fixture.restart();
        for (int i = 0; i < 6; i++) {
            fixture.send(beat("a", 1));
            fixture.tick(10_000);
        }

        assertThat(fixture.group().member("a")).isEmpty();
    }

    @Test
    void aGroupHasABound() {
        GroupShard small = new GroupShard(
                new GroupSettings(45_000, 5_000, 1, 4_096, 0, 1_000, ClassicSettings.defaults()),
                io.naru.coordinator.assignor.Assignors.standard(),
                () -> "x");
        small.heartbeat(join("a", "orders"), (short) 1, new Client("c", "/h"), 0);

        assertThatThrownBy(() -> small.heartbeat(join("b", "orders"), (short) 1, new Client("c", "/h"), 0))
                .satisfies(e -> assertThat(Errors.forException(e)).isEqualTo(Errors.GROUP_MAX_SIZE_REACHED));
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                wrong("no group", r -> r.setGroupId("")),
                wrong("a long group id", r -> r.setGroupId("x".repeat(2_000))),
                wrong("no member id", r -> r.setMemberId("")),
                wrong("an empty instance id", r -> r.setInstanceId("")),
                wrong("an empty rack", r -> r.setRackId("")),
                wrong("epoch -3", r -> r.setMemberEpoch(-3)),
                wrong("a dynamic member with epoch -2", r -> r.setMemberEpoch(-2)),
                wrong("no rebalance timeout", r -> r.setRebalanceTimeoutMs(-1)),
                wrong("rebalance timeout 0", r -> r.setRebalanceTimeoutMs(0)),
                wrong("no partitions field", r -> r.setTopicPartitions(null)),
                wrong(
                        "owning partitions while joining",
                        r -> r.setTopicPartitions(GroupFixture.toRequest(
                                Set.of(new PartitionId(org.apache.kafka.common.Uuid.ONE_UUID, 1))))),
                wrong("no subscription", r -> r.setSubscribedTopicNames(null)),
                wrong("an empty topic name", r -> r.setSubscribedTopicNames(List.of(""))),
                wrong(
                        "a huge subscription",
                        r -> r.setSubscribedTopicNames(java.util.Collections.nCopies(2_000, "x".repeat(249)))),
                Arguments.of("an unknown assignor", Errors.UNSUPPORTED_ASSIGNOR, (UnaryOperator<
                                ConsumerGroupHeartbeatRequestData>)
                        r -> r.setServerAssignor("sticky")),
                badPattern("["),
                badPattern("x".repeat(600)),
                badPattern("((a{100}){100}){100}"),
                badPattern("a{99999999999}"),
                badPattern("(?=look)"));
    }

    private static Arguments wrong(String what, UnaryOperator<ConsumerGroupHeartbeatRequestData> change) {
        return Arguments.of(what, Errors.INVALID_REQUEST, change);
    }

    private static Arguments badPattern(String pattern) {
        UnaryOperator<ConsumerGroupHeartbeatRequestData> change = r -> r.setSubscribedTopicRegex(pattern);
        return Arguments.of("pattern " + pattern, Errors.INVALID_REGULAR_EXPRESSION, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void mistakesAreNamedAndWriteNothing(
            String what, Errors error, UnaryOperator<ConsumerGroupHeartbeatRequestData> mistake) {
        assertRefused(error, () -> fixture.send(mistake.apply(join("a", "orders"))));
    }

    @Test
    void leavingAGroupThatIsNotThereIsNamed() {
        assertRefused(Errors.GROUP_ID_NOT_FOUND, () -> fixture.send(beat("a", -1)));
        assertRefused(Errors.UNKNOWN_MEMBER_ID, () -> fixture.send(beat("a", 7)));
    }
}
