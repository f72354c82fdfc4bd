package io.naru.gateway.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.cursor.GroupCursor;
import io.naru.gateway.cursor.PartitionPosition;
import io.naru.gateway.cursor.Subscription;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class PollPositionsTest {

    private static final Uuid TOPIC = Uuid.randomUuid();
    private static final TopicPartition P = new TopicPartition("t", 0);
    private static final MemberPartition HELD = new MemberPartition(TOPIC, P);

    private final Holdings holdings = new Holdings();

    private static GroupCursor cursor(String member, int epoch, long next) {
        return new GroupCursor(
                "g",
                member,
                epoch,
                Subscription.ofTopics(List.of("t")),
                1_000,
                true,
                List.of(new PartitionPosition(TOPIC, P, next)));
    }

    private static PollPositions positions(GroupCursor base) {
        return new PollPositions(new PollPlan(10, 10, 10, base, true, Map.of(), Set.of()), "me");
    }

    private HeldPartition gained(int epoch) {
        holdings.assign(List.of(HELD), epoch);
        HeldPartition held = holdings.find(P);
        assertThat(held).isNotNull();
        return held;
    }

    @Test
    void aCursorOfThePresentTimeIsBelievedWithoutAsking() {
        gained(3);
        PollPositions positions = positions(cursor("me", 3, 7));
        assertThat(positions.follow(holdings)).isEmpty();
        assertThat(positions.now()).containsEntry(P, 7L);
    }

    @Test
    void aPartitionGainedSinceBeginsAtWhatIsCommitted() {
        HeldPartition held = gained(4);
        PollPositions positions = positions(cursor("me", 3, 7));
        assertThat(positions.follow(holdings)).isEmpty();
        assertThat(positions.now()).isEmpty();
        assertThat(positions.given(holdings).get(0).nextOffset()).isEqualTo(HeldPartition.NONE);
        held.committed(5);
        assertThat(positions.follow(holdings)).isEmpty();
        assertThat(positions.now()).containsEntry(P, 5L);
    }

    @Test
    void whatAnotherGatewayMayHaveCommittedIsWaitedFor() {
        HeldPartition held = gained(4);
        held.committed(HeldPartition.NONE);
        held.beginning(0);
        holdings.doubt();
        PollPositions positions = positions(cursor("me", 3, 7));
        assertThat(positions.follow(holdings)).isEmpty();
        assertThat(positions.now()).isEmpty();
        held.committed(27);
        positions.follow(holdings);
        assertThat(positions.now()).containsEntry(P, 27L);
    }

    @Test
    void nothingCommittedMeansTheBeginningThatIsStillToBeFound() {
        HeldPartition held = gained(4);
        held.committed(HeldPartition.NONE);
        PollPositions positions = positions(null);
        assertThat(positions.follow(holdings)).containsExactly(held);
        held.beginning(2);
        assertThat(positions.follow(holdings)).isEmpty();
        assertThat(positions.now()).containsEntry(P, 2L);
    }

    @Test
    void aStreamGoesOnWhereThatOfAnEarlierMemberEnded() {
        HeldPartition held = gained(1);
        PollPositions positions = positions(cursor("another", 9, 7));
        positions.follow(holdings);
        assertThat(positions.now()).isEmpty();
        assertThat(positions.given(holdings).get(0).nextOffset()).isEqualTo(7);
        held.committed(5);
        positions.follow(holdings);
        assertThat(positions.now()).containsEntry(P, 7L);
    }

    @Test
    void whatIsGivenOutCountsAsDelivered() {
        HeldPartition held = gained(3);
        held.committed(7);
        PollPositions positions = positions(cursor("me", 3, 7));
        positions.follow(holdings);
        positions.given(holdings);
        assertThat(held.isUnacked()).isFalse();
        positions.moveTo(P, 9);
        assertThat(positions.given(holdings).get(0).nextOffset()).isEqualTo(9);
        assertThat(held.isUnacked()).isTrue();
    }
}
