package io.naru.coordinator.group;

import static io.naru.coordinator.group.GroupFixture.GROUP;
import static io.naru.coordinator.group.GroupFixture.beat;
import static io.naru.coordinator.group.GroupFixture.commitRequest;
import static io.naru.coordinator.group.GroupFixture.join;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Offsets that nobody comes for any more. */
class OffsetExpiryTest {

    private static final long MINUTE_MS = 60_000;
    private static final long RETENTION_MS = 7 * 24 * 60 * MINUTE_MS;
    private static final long CHECK_MS = 10 * MINUTE_MS;

    private final ClassicFixture classic = new ClassicFixture();
    private final GroupFixture fixture = classic.world;

    @BeforeEach
    void load() {
        fixture.topic("bills", 2).restart();
    }

    /** Without a sweep nothing lapses, so one is due when this returns. */
    private void pass(long ms) {
        fixture.tick(ms);
    }

    private List<String> groups() {
        return fixture.shard.list(List.of(), List.of()).stream()
                .map(group -> group.groupId())
                .toList();
    }

    @Test
    void offsetsOfReadersWithoutAGroupLapseSinceTheirCommit() {
        fixture.commit("", -1, "orders", 0, 5);
        pass(MINUTE_MS);
        fixture.commit("", -1, "orders", 1, 6);

        pass(RETENTION_MS - MINUTE_MS);
        assertThat(fixture.committed("orders", 0)).isEqualTo(-1);
        assertThat(fixture.committed("orders", 1)).isEqualTo(6);

        pass(CHECK_MS);
        assertThat(fixture.committed("orders", 1)).isEqualTo(-1);
        assertThat(groups()).isEmpty();
    }

    @Test
    void whatAMemberReadsStaysWhateverItsAge() {
        fixture.send(join("a", "orders"));
        fixture.commit("a", 1, "orders", 0, 5);
        fixture.commit("a", 1, "bills", 0, 6);
        // Its heartbeats arrive while the clock jumps: only the age of the offsets matters here.
        fixture.nowMs += RETENTION_MS;
        fixture.send(beat("a", 1));

        pass(0);

        assertThat(fixture.committed("orders", 0)).isEqualTo(5);
        assertThat(fixture.committed("bills", 0)).isEqualTo(-1);
    }

    @Test
    void offsetsOfAClassicGroupLapseSinceItsLastMemberLeft() {
        var member = classic.stable(1).get(0);
        fixture.commit(member.memberId(), 1, "orders", 0, 5);
        fixture.nowMs += RETENTION_MS;
        classic.beat(member.memberId(), 1);
        classic.leave(member.memberId());
        fixture.commit("", -1, "orders", 1, 6);

        pass(RETENTION_MS - 1);
        assertThat(fixture.committed("orders", 0)).isEqualTo(5);

        fixture.restart();
        pass(CHECK_MS);
        assertThat(fixture.committed("orders", 0)).isEqualTo(-1);
        assertThat(groups()).as("nothing is left of it").isEmpty();
        assertThat(fixture.shard.snapshot()).isEmpty();
    }

    @Test
    void whatAClassicMemberSubscribesToStaysAndTheRestLapses() {
        var member = classic.stable(1).get(0);
        fixture.commit(member.memberId(), 1, "orders", 0, 5);
        fixture.commit(member.memberId(), 1, "bills", 0, 6);
        fixture.nowMs += RETENTION_MS;
        classic.beat(member.memberId(), 1);

        pass(0);

        assertThat(fixture.committed("orders", 0)).isEqualTo(5);
        assertThat(fixture.committed("bills", 0)).isEqualTo(-1);
    }

    @Test
    void duringARebalanceNothingLapses() {
        var member = classic.stable(1).get(0);
        fixture.commit(member.memberId(), 1, "bills", 0, 6);
        fixture.nowMs += RETENTION_MS;
        classic.beat(member.memberId(), 1);
        var leader = classic.rejoin(member.memberId(), "range");

        pass(0);
        assertThat(fixture.committed("bills", 0)).isEqualTo(6);

        classic.sync(leader.get(), Map.of());
        fixture.nowMs += CHECK_MS;
        classic.beat(member.memberId(), 2);
        pass(0);
        assertThat(fixture.committed("bills", 0)).isEqualTo(-1);
    }

    @Test
    void anEmptyGroupWithoutOffsetsGoes() {
        fixture.send(join("a", "orders"));
        fixture.send(beat("a", -1));
        assertThat(groups()).containsExactly(GROUP);

        pass(CHECK_MS);

        assertThat(groups()).isEmpty();
        assertThat(fixture.shard.snapshot()).isEmpty();
    }

    @Test
    void aClientOfOldSaysItselfWhenItsOffsetLapses() {
        fixture.take(fixture.shard.commit(
                commitRequest("", -1, "orders", 0, 5).setRetentionTimeMs(CHECK_MS), (short) 4, fixture.nowMs));
        pass(CHECK_MS - 1);
        assertThat(fixture.committed("orders", 0)).isEqualTo(5);

        pass(CHECK_MS);

        assertThat(fixture.committed("orders", 0)).isEqualTo(-1);
    }

    @Test
    void aLongListIsTakenInSeveralSweeps() {
        for (int i = 0; i < 5; i++) {
            fixture.topic("big" + i, 2_100);
        }
        for (int i = 0; i < 5; i++) {
            var request = commitRequest("", -1, "big" + i, 0, 1);
            var partitions = new java.util.ArrayList<>(request.topics().get(0).partitions());
            for (int p = 1; p < 2_100; p++) {
                partitions.add(partitions.get(0).duplicate().setPartitionIndex(p));
            }
            request.topics().get(0).setPartitions(partitions);
            fixture.take(fixture.shard.commit(request, (short) 9, fixture.nowMs));
        }

        pass(RETENTION_MS);
        assertThat(groups()).containsExactly(GROUP);
        assertThat(fixture.shard.nextDeadlineMs()).isEqualTo(fixture.nowMs + 1_000);

        pass(1_000);
        assertThat(groups()).isEmpty();
    }
}
