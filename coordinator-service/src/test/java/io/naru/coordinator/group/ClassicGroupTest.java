package io.naru.coordinator.group;

import static io.naru.coordinator.group.ClassicFixture.GROUP;
import static io.naru.coordinator.group.ClassicFixture.INITIAL_DELAY_MS;
import static io.naru.coordinator.group.ClassicFixture.REBALANCE_MS;
import static io.naru.coordinator.group.ClassicFixture.SESSION_MS;
import static io.naru.coordinator.group.ClassicFixture.V3;
import static io.naru.coordinator.group.ClassicFixture.V9;
import static io.naru.coordinator.group.ClassicFixture.assertRefused;
import static io.naru.coordinator.group.ClassicFixture.assignment;
import static io.naru.coordinator.group.ClassicFixture.error;
import static io.naru.coordinator.group.ClassicFixture.joinRequest;
import static io.naru.coordinator.group.ClassicFixture.subscription;
import static io.naru.coordinator.group.ClassicFixture.syncError;
import static org.assertj.core.api.Assertions.assertThat;

import io.naru.coordinator.group.state.ClassicSettings;
import io.naru.coordinator.group.state.Client;
import io.naru.coordinator.group.state.GroupSettings;
import io.naru.coordinator.record.CoordinatorRecord.GroupMetadata;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** A classic group's life: who comes, who leads, who waits for whom. */
class ClassicGroupTest {

    private final ClassicFixture classic = new ClassicFixture();

    @Test
    void aNewMemberGetsAnIdAndHasToComeBackWithIt() {
        JoinGroupResponseData first = classic.send(joinRequest("", "range")).get();

        assertThat(Errors.forCode(first.errorCode())).isEqualTo(Errors.MEMBER_ID_REQUIRED);
        assertThat(first.memberId()).isEqualTo("client-generated-1");
        assertThat(classic.group().state()).isEqualTo("Empty");
        assertThat(classic.world.log).as("nothing to remember").isEmpty();

        var second = classic.rejoin(first.memberId(), "range");
        assertThat(second.waits()).isTrue();
        assertThat(classic.group().state()).isEqualTo("PreparingRebalance");
    }

    @Test
    void anIdThatIsNotUsedIsForgottenAndTheGroupWithIt() {
        var given = classic.send(joinRequest("", "range")).get();

        classic.tick(SESSION_MS);

        assertThat(classic.world.shard.classicGroup(GROUP)).isEmpty();
        assertRefused(Errors.UNKNOWN_MEMBER_ID, () -> classic.rejoin(given.memberId(), "range"));
    }

    @Test
    void membersOfBeforeVersion4JoinAtOnce() {
        assertThat(classic.send(joinRequest("", "range"), V3).waits()).isTrue();
    }

    @Test
    void anEmptyGroupWaitsForMoreMembersAndLongerForEachThatComes() {
        var one = classic.join("range");
        classic.tick(INITIAL_DELAY_MS - 500);
        var two = classic.join("range");
        classic.tick(500);
        assertThat(one.waits()).as("another came, a third may").isTrue();

        classic.tick(INITIAL_DELAY_MS);

        assertThat(one.get().generationId()).isEqualTo(1);
        assertThat(one.get().leader()).isEqualTo(one.get().memberId());
        assertThat(one.get().members())
                .extracting(JoinGroupResponseMember::memberId)
                .containsExactly(one.get().memberId(), two.get().memberId());
        assertThat(two.get().members()).as("only the leader needs to know").isEmpty();
        assertThat(two.get().leader()).isEqualTo(one.get().memberId());
        assertThat(classic.group().state()).isEqualTo("CompletingRebalance");
    }

    @Test
    void theInitialWaitEndsWithTheRebalanceTimeout() {
        var first = classic.join("range");
        for (int i = 0; i < REBALANCE_MS / 2_000; i++) {
            assertThat(first.waits()).isTrue();
            classic.join("range");
            classic.tick(2_000);
        }
        assertThat(first.waits()).isFalse();
    }

    @Test
    void theLeadersAssignmentReachesEveryoneAndIsWrittenFirst() {
        var one = classic.join("range");
        var two = classic.join("range");
        classic.tick(2 * INITIAL_DELAY_MS);
        var waiting = classic.sync(two.get(), Map.of());
        assertThat(waiting.waits()).isTrue();
        assertThat(classic.world.log).isEmpty();

        var led = classic.sync(
                one.get(), Map.of(one.get().memberId(), "A", two.get().memberId(), "B"));

        assertThat(assignment(led)).isEqualTo("A");
        assertThat(assignment(waiting)).isEqualTo("B");
        assertThat(classic.world.log).singleElement().isInstanceOf(GroupMetadata.class);
        assertThat(classic.group().state()).isEqualTo("Stable");
        assertThat(waiting.get().protocolName()).isEqualTo("range");
        assertThat(assignment(classic.sync(two.get(), Map.of())))
                .as("asked again")
                .isEqualTo("B");
    }

    @Test
    void whoeverIsNotAssignedAnythingGetsNothing() {
        var joined = classic.stable(2);
        var again = classic.sync(joined.get(1), Map.of());
        assertThat(assignment(again)).isEqualTo("1");

        var three = classic.join("range");
        assertThat(three.waits()).isTrue();
        var one = classic.rejoin(joined.get(0).memberId(), "range");
        var two = classic.rejoin(joined.get(1).memberId(), "range");
        classic.sync(one.get(), Map.of());
        assertThat(assignment(classic.sync(two.get(), Map.of()))).isEmpty();
    }

    @Test
    void aNewMemberCallsTheOthersByTheirHeartbeats() {
        var joined = classic.stable(2);
        assertThat(classic.beat(joined.get(0).memberId(), 1)).isEqualTo(Errors.NONE);

        var third = classic.join("range");

        assertThat(classic.beat(joined.get(0).memberId(), 1)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        assertThat(classic.group().state()).isEqualTo("PreparingRebalance");
        var one = classic.rejoin(joined.get(0).memberId(), "range");
        assertThat(one.waits()).as("one is missing").isTrue();
        var two = classic.rejoin(joined.get(1).memberId(), "range");
        assertThat(List.of(one.get(), two.get(), third.get()))
                .extracting(JoinGroupResponseData::generationId)
                .containsOnly(2);
        assertThat(one.get().leader())
                .as("the leader stays")
                .isEqualTo(one.get().memberId());
    }

    @Test
    void whoeverDoesNotComeInTimeIsOut() {
        var joined = classic.stable(2);
        var third = classic.join("range");
        var one = classic.rejoin(joined.get(0).memberId(), "range");

        classic.tickAlive(REBALANCE_MS, List.of(joined.get(1)).stream());

        assertThat(one.get().members()).hasSize(2);
        assertThat(third.get().generationId()).isEqualTo(2);
        assertRefused(Errors.UNKNOWN_MEMBER_ID, () -> classic.beat(joined.get(1).memberId(), 1));
        assertRefused(
                Errors.UNKNOWN_MEMBER_ID, () -> classic.rejoin(joined.get(1).memberId(), "range"));
    }

    @Test
    void whenTheLeaderDoesNotComeAnotherLeads() {
        var joined = classic.stable(2);
        classic.join("range");
        var two = classic.rejoin(joined.get(1).memberId(), "range");

        classic.tick(REBALANCE_MS);

        assertThat(two.get().members()).hasSize(2);
        assertThat(two.get().leader()).isNotEqualTo(joined.get(0).memberId());
    }

    @Test
    void aSilentMemberIsEvictedAfterItsOwnSession() {
        var joined = classic.stable(2);
        classic.tick(SESSION_MS - 500);
        classic.beat(joined.get(0).memberId(), 1);
        assertThat(classic.group().size()).isEqualTo(2);

        classic.tick(500);

        assertThat(classic.group().size()).isEqualTo(1);
        assertThat(classic.beat(joined.get(0).memberId(), 1)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        var one = classic.rejoin(joined.get(0).memberId(), "range");
        assertThat(one.get().members()).hasSize(1);
    }

    @Test
    void aMemberThatLeavesIsMissedAtOnce() {
        var joined = classic.stable(2);

        assertThat(classic.leave(joined.get(0).memberId())).isEqualTo(Errors.NONE);

        assertThat(classic.leave(joined.get(0).memberId())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        var two = classic.rejoin(joined.get(1).memberId(), "range");
        assertThat(two.get().generationId()).isEqualTo(2);
        assertThat(two.get().leader())
                .as("the leader has left")
                .isEqualTo(two.get().memberId());
    }

    @Test
    void theLastOneToLeaveLeavesAnEmptyGroupBehind() {
        var joined = classic.stable(1);

        classic.leave(joined.get(0).memberId());

        assertThat(classic.group().state()).isEqualTo("Empty");
        GroupMetadata last = (GroupMetadata) classic.world.log.get(classic.world.log.size() - 1);
        assertThat(last.value()).isNotNull();
        assertThat(last.value().members()).isEmpty();
        assertThat(last.value().generation()).isEqualTo(2);
        assertThat(last.value().protocol()).isNull();
    }

    @Test
    void aMemberWhoseJoinAnswerWasLostGetsTheSameGenerationAgain() {
        var joined = classic.stable(2);
        var again = classic.rejoin(joined.get(1).memberId(), "range");
        assertThat(again.get().generationId()).isEqualTo(1);
        assertThat(classic.group().state()).isEqualTo("Stable");

        var third = classic.join("range");
        var one = classic.rejoin(joined.get(0).memberId(), "range");
        classic.rejoin(joined.get(1).memberId(), "range");
        assertThat(classic.rejoin(one.get().memberId(), "range").get().generationId())
                .as("also while the leader assigns")
                .isEqualTo(2);
        assertThat(third.get().generationId()).isEqualTo(2);
    }

    @Test
    void aLeaderThatJoinsAgainHasEverythingAssignedAnew() {
        var joined = classic.stable(2);

        var leader = classic.rejoin(joined.get(0).memberId(), "range");

        assertThat(leader.waits()).isTrue();
        assertThat(classic.beat(joined.get(1).memberId(), 1)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    }

    @Test
    void aMemberThatSaysSomethingElseCallsEveryone() {
        var joined = classic.stable(2);
        var request = joinRequest(joined.get(1).memberId(), "range");
        request.protocols().iterator().next().setMetadata(subscription("orders", "bills"));

        assertThat(classic.send(request).waits()).isTrue();

        assertThat(classic.group().state()).isEqualTo("PreparingRebalance");
        assertThat(classic.group().subscribedTopics())
                .hasValueSatisfying(topics -> assertThat(topics).containsExactlyInAnyOrder("orders", "bills"));
    }

    @Test
    void theProtocolThatMostLikeBestOfThoseAllKnowIsChosen() {
        var one = classic.join("own", "range", "sticky");
        var two = classic.join("sticky", "range");
        var three = classic.join("sticky", "range");
        classic.tick(3 * INITIAL_DELAY_MS);

        assertThat(one.get().protocolName()).isEqualTo("sticky");
        assertThat(two.get().protocolName()).isEqualTo("sticky");
        assertThat(three.get().protocolName()).isEqualTo("sticky");
    }

    @Test
    void whoeverHasNoProtocolInCommonStaysOutside() {
        classic.stable(2);

        assertRefused(Errors.INCONSISTENT_GROUP_PROTOCOL, () -> classic.send(joinRequest("", "sticky")));
        assertRefused(
                Errors.INCONSISTENT_GROUP_PROTOCOL,
                () -> classic.send(joinRequest("", "range").setProtocolType("connect")));
        assertRefused(
                Errors.INCONSISTENT_GROUP_PROTOCOL,
                () -> classic.send(joinRequest("", "range").setProtocolType("")));
        assertRefused(Errors.INCONSISTENT_GROUP_PROTOCOL, () -> classic.send(joinRequest("")));
        assertThat(classic.group().state()).isEqualTo("Stable");
    }

    @Test
    void sessionsAreAsLongAsTheCoordinatorAllows() {
        assertRefused(
                Errors.INVALID_SESSION_TIMEOUT,
                () -> classic.send(joinRequest("", "range").setSessionTimeoutMs(5_999)));
        assertRefused(
                Errors.INVALID_SESSION_TIMEOUT,
                () -> classic.send(joinRequest("", "range").setSessionTimeoutMs(1_800_001)));
        assertRefused(
                Errors.INVALID_GROUP_ID,
                () -> classic.send(joinRequest("", "range").setGroupId("")));
    }

    @Test
    void aMemberThatNeverFetchesItsAssignmentIsOut() {
        var one = classic.join("range");
        var two = classic.join("range");
        classic.tick(2 * INITIAL_DELAY_MS);
        classic.sync(one.get(), Map.of());
        assertThat(classic.group().state()).isEqualTo("Stable");

        classic.tickAlive(REBALANCE_MS, List.of(one.get(), two.get()).stream());

        assertThat(classic.group().member(two.get().memberId())).isEmpty();
        assertThat(classic.group().state()).isEqualTo("PreparingRebalance");
    }

    @Test
    void aLeaderThatNeverAssignsIsOutAndTheOthersTryAgain() {
        var one = classic.join("range");
        var two = classic.join("range");
        classic.tick(2 * INITIAL_DELAY_MS);
        var waiting = classic.sync(two.get(), Map.of());

        classic.tickAlive(REBALANCE_MS, List.of(one.get()).stream());

        assertThat(syncError(waiting)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        assertThat(classic.group().member(one.get().memberId())).isEmpty();
        assertThat(classic.rejoin(two.get().memberId(), "range").get().leader())
                .isEqualTo(two.get().memberId());
    }

    @Test
    void aMemberThatWaitsForItsAssignmentOwesNoHeartbeat() {
        var one = classic.join("range");
        var two = classic.join("range");
        classic.tick(2 * INITIAL_DELAY_MS);
        var waiting = classic.sync(two.get(), Map.of());

        classic.tickAlive(3 * SESSION_MS, List.of(one.get()).stream());
        classic.sync(one.get(), Map.of(two.get().memberId(), "late"));

        assertThat(assignment(waiting)).isEqualTo("late");
    }

    @Test
    void aRequestOfAnotherTimeIsFenced() {
        var joined = classic.stable(2);
        String member = joined.get(1).memberId();

        assertRefused(Errors.ILLEGAL_GENERATION, () -> classic.beat(member, 0));
        assertRefused(Errors.ILLEGAL_GENERATION, () -> classic.beat(member, 2));
        assertRefused(Errors.UNKNOWN_MEMBER_ID, () -> classic.beat("who", 1));
        assertRefused(Errors.UNKNOWN_MEMBER_ID, () -> classic.beat(member, 1, "instance"));
        SyncGroupRequestData sync = new SyncGroupRequestData()
                .setGroupId(GROUP)
                .setMemberId(member)
                .setGenerationId(1)
                .setProtocolType("consumer");
        assertRefused(
                Errors.INCONSISTENT_GROUP_PROTOCOL,
                () -> classic.sync(sync.duplicate().setProtocolName("sticky")));
        assertRefused(
                Errors.INCONSISTENT_GROUP_PROTOCOL,
                () -> classic.sync(sync.duplicate().setProtocolType("connect")));
        assertRefused(
                Errors.ILLEGAL_GENERATION, () -> classic.sync(sync.duplicate().setGenerationId(2)));
        classic.join("range");
        assertRefused(Errors.REBALANCE_IN_PROGRESS, () -> classic.sync(sync.duplicate()));
    }

    @Test
    void theSecondJoinOfAMemberSendsTheFirstAway() {
        var joined = classic.stable(2);
        var first = classic.rejoin(joined.get(0).memberId(), "range");
        var second = classic.rejoin(joined.get(0).memberId(), "range");

        assertThat(error(first)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        assertThat(second.waits()).isTrue();
        classic.rejoin(joined.get(1).memberId(), "range");
        assertThat(second.get().generationId()).isEqualTo(2);
    }

    @Test
    void anAssignmentTooLargeForTheLogIsRefusedByName() {
        var one = classic.join("range");
        classic.tick(2 * INITIAL_DELAY_MS);

        var synced = classic.sync(one.get(), Map.of(one.get().memberId(), "x".repeat(1_000_000)));

        assertThat(syncError(synced)).isEqualTo(Errors.MESSAGE_TOO_LARGE);
        assertThat(classic.world.log).isEmpty();
        assertThat(classic.group().state()).isEqualTo("PreparingRebalance");
    }

    @Test
    void aMemberThatSaysTooMuchIsRefused() {
        var request = joinRequest("", "range");
        request.protocols().iterator().next().setMetadata(new byte[600_000]);

        assertRefused(Errors.INVALID_REQUEST, () -> classic.send(request));
    }

    @Test
    void theGroupSurvivesItsCoordinator() {
        var joined = classic.stable(2);
        classic.world.restart();

        assertThat(classic.group().state()).isEqualTo("Stable");
        assertThat(classic.beat(joined.get(0).memberId(), 1)).isEqualTo(Errors.NONE);
        assertThat(assignment(classic.sync(joined.get(1), Map.of()))).isEqualTo("1");
        classic.tick(SESSION_MS - 500);
        assertThat(classic.group().size()).as("sessions start anew").isEqualTo(2);
        classic.tick(500);
        assertThat(classic.group().state()).isEqualTo("Empty");
    }

    @Test
    void aRebalanceThatItsCoordinatorDidNotFinishBeginsAnew() {
        var joined = classic.stable(2);
        classic.join("range");
        classic.rejoin(joined.get(0).memberId(), "range");
        classic.world.restart();

        assertThat(classic.group().state()).isEqualTo("Stable");
        assertThat(classic.group().generation()).isEqualTo(1);
        assertThat(classic.rejoin(joined.get(0).memberId(), "range").waits())
                .as("the leader calls everyone")
                .isTrue();
    }

    @Test
    void membersBeyondTheLimitAreRefused() {
        var settings = new GroupSettings(45_000, 5_000, 1, 4_096, 0, 1_000, ClassicSettings.defaults());
        GroupShard shard = new GroupShard(settings, io.naru.coordinator.assignor.Assignors.standard(), () -> "id");
        shard.join(joinRequest("", "range"), V9, new Client("c", "/h"), new Reply<>(), 0);

        assertRefused(
                Errors.GROUP_MAX_SIZE_REACHED,
                () -> shard.join(joinRequest("", "range"), V9, new Client("c", "/h"), new Reply<>(), 0));
    }
}
