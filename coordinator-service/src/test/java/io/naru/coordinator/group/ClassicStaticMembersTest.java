package io.naru.coordinator.group;

import static io.naru.coordinator.group.ClassicFixture.INITIAL_DELAY_MS;
import static io.naru.coordinator.group.ClassicFixture.REBALANCE_MS;
import static io.naru.coordinator.group.ClassicFixture.SESSION_MS;
import static io.naru.coordinator.group.ClassicFixture.V9;
import static io.naru.coordinator.group.ClassicFixture.assertRefused;
import static io.naru.coordinator.group.ClassicFixture.assignment;
import static io.naru.coordinator.group.ClassicFixture.error;
import static io.naru.coordinator.group.ClassicFixture.joinRequest;
import static io.naru.coordinator.group.ClassicFixture.subscription;
import static io.naru.coordinator.group.ClassicFixture.syncError;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Static members (KIP-345): a name that outlives its process. */
class ClassicStaticMembersTest {

    private static final short V8 = 8;

    private final ClassicFixture classic = new ClassicFixture();

    private List<JoinGroupResponseData> stable() {
        var a = classic.joinStatic("a", "", V9);
        var b = classic.joinStatic("b", "", V9);
        classic.tick(2 * INITIAL_DELAY_MS);
        classic.syncAll(List.of(a.get(), b.get()));
        return List.of(a.get(), b.get());
    }

    @Test
    void aStaticMemberJoinsWithoutFetchingAnIdFirst() {
        var joined = classic.joinStatic("a", "", V9);
        assertThat(joined.waits()).isTrue();
        classic.tick(INITIAL_DELAY_MS);
        assertThat(joined.get().memberId()).startsWith("a-");
        assertThat(joined.get().members().get(0).groupInstanceId()).isEqualTo("a");
    }

    @Test
    void aStaticMemberThatComesBackGetsItsAssignmentAndNobodyNotices() {
        var members = stable();

        var back = classic.joinStatic("b", "", V9);

        assertThat(error(back)).isEqualTo(Errors.NONE);
        assertThat(back.get().generationId()).isEqualTo(1);
        assertThat(back.get().memberId()).isNotEqualTo(members.get(1).memberId());
        assertThat(back.get().members()).isEmpty();
        assertThat(assignment(classic.sync(back.get(), Map.of()))).isEqualTo("1");
        assertThat(classic.group().state()).isEqualTo("Stable");
        assertThat(classic.beat(members.get(0).memberId(), 1, "a")).isEqualTo(Errors.NONE);
    }

    @Test
    void theReplacementOutlivesTheCoordinator() {
        stable();
        var back = classic.joinStatic("b", "", V9);

        classic.world.restart();

        assertThat(assignment(classic.sync(back.get(), Map.of()))).isEqualTo("1");
    }

    @Test
    void theProcessThatWasReplacedIsFenced() {
        var members = stable();
        String old = members.get(1).memberId();
        classic.joinStatic("b", "", V9);

        assertRefused(Errors.FENCED_INSTANCE_ID, () -> classic.beat(old, 1, "b"));
        assertRefused(Errors.FENCED_INSTANCE_ID, () -> classic.joinStatic("b", old, V9));
        assertRefused(
                Errors.FENCED_INSTANCE_ID,
                () -> classic.sync(new SyncGroupRequestData()
                        .setGroupId(ClassicFixture.GROUP)
                        .setMemberId(old)
                        .setGroupInstanceId("b")
                        .setGenerationId(1)));
        assertThat(classic.leave(new MemberIdentity().setMemberId(old).setGroupInstanceId("b")))
                .containsExactly(Errors.FENCED_INSTANCE_ID);
        assertRefused(
                Errors.FENCED_INSTANCE_ID,
                () -> classic.world.shard.commit(
                        GroupFixture.commitRequest(old, 1, "orders", 0, 5).setGroupInstanceId("b"),
                        (short) 9,
                        classic.world.nowMs));
        assertRefused(Errors.UNKNOWN_MEMBER_ID, () -> classic.beat(old, 1));
    }

    @Test
    void aLeaderThatComesBackIsToldNotToAssign() {
        stable();

        var back = classic.joinStatic("a", "", V9);

        assertThat(back.get().leader()).isEqualTo(back.get().memberId());
        assertThat(back.get().skipAssignment()).isTrue();
        assertThat(back.get().members()).hasSize(2);
        assertThat(assignment(classic.sync(back.get(), Map.of()))).isEqualTo("0");
    }

    @Test
    void anOlderClientThatComesBackDoesNotKnowThatItLeads() {
        var members = stable();

        var back = classic.joinStatic("a", "", V8);

        assertThat(back.get().leader()).isEqualTo(members.get(0).memberId());
        assertThat(back.get().members()).isEmpty();
        assertThat(back.get().skipAssignment()).isFalse();
    }

    @Test
    void aStaticMemberThatComesBackWithOtherTopicsCallsEveryone() {
        stable();
        var request = joinRequest("", "range").setGroupInstanceId("b");
        request.protocols().iterator().next().setMetadata(subscription("orders", "bills"));

        assertThat(classic.send(request).waits()).isTrue();

        assertThat(classic.group().state()).isEqualTo("PreparingRebalance");
    }

    @Test
    void duringARebalanceTheOneThatComesBackTakesPartInIt() {
        var members = stable();
        var a = classic.joinStatic("a", members.get(0).memberId(), V9);
        assertThat(a.waits()).isTrue();
        var first = classic.joinStatic("b", "", V9);
        assertThat(a.get().generationId()).isEqualTo(2);
        assertThat(first.get().generationId()).isEqualTo(2);

        var waiting = classic.sync(first.get(), Map.of());
        var second = classic.joinStatic("b", "", V9);

        assertThat(syncError(waiting)).as("its place is taken").isEqualTo(Errors.FENCED_INSTANCE_ID);
        assertThat(second.waits()).isTrue();
        assertThat(classic.group().state()).isEqualTo("PreparingRebalance");
    }

    @Test
    void whileItWaitsToJoinItCanBeReplacedToo() {
        var first = classic.joinStatic("a", "", V9);
        var second = classic.joinStatic("a", "", V9);

        assertThat(error(first)).isEqualTo(Errors.FENCED_INSTANCE_ID);
        classic.tick(2 * INITIAL_DELAY_MS);
        assertThat(second.get().members()).hasSize(1);
    }

    @Test
    void aStaticMemberThatIsAwayKeepsItsPlaceUntilItsSessionLapses() {
        var members = stable();
        var request = joinRequest("", "range").setGroupInstanceId("c").setRebalanceTimeoutMs(1_000);
        classic.beat(members.get(0).memberId(), 1, "a");
        classic.beat(members.get(1).memberId(), 1, "b");
        var c = classic.send(request);
        var a = classic.joinStatic("a", members.get(0).memberId(), V9);
        classic.tick(SESSION_MS - 500);
        assertThat(a.waits()).isTrue();

        classic.tick(500);

        assertThat(a.get().members()).as("b has lapsed").hasSize(2);
        assertThat(c.get().generationId()).isEqualTo(2);
    }

    @Test
    void aRebalanceTimeoutDoesNotCostAStaticMemberItsPlace() {
        var long1 = joinRequest("", "range").setGroupInstanceId("a").setSessionTimeoutMs(10 * REBALANCE_MS);
        var long2 = joinRequest("", "range").setGroupInstanceId("b").setSessionTimeoutMs(10 * REBALANCE_MS);
        var a = classic.send(long1);
        var b = classic.send(long2);
        classic.tick(2 * INITIAL_DELAY_MS);
        classic.syncAll(List.of(a.get(), b.get()));
        var again = classic.send(long1.duplicate().setMemberId(a.get().memberId()));

        classic.tick(REBALANCE_MS);

        assertThat(again.get().generationId()).isEqualTo(2);
        assertThat(again.get().members()).as("b is away, and counted on").hasSize(2);
    }

    @Test
    void anAdministratorTakesAStaticMemberOutByItsName() {
        stable();

        assertThat(classic.leave(
                        new MemberIdentity().setMemberId("").setGroupInstanceId("b"),
                        new MemberIdentity().setMemberId("").setGroupInstanceId("nobody")))
                .containsExactly(Errors.NONE, Errors.UNKNOWN_MEMBER_ID);

        assertThat(classic.group().size()).isEqualTo(1);
    }
}
