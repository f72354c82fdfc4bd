package io.naru.gateway.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class HoldingsTest {

    private static final Uuid TOPIC = Uuid.randomUuid();

    private final Holdings holdings = new Holdings();

    private static MemberPartition p(int partition) {
        return new MemberPartition(TOPIC, new TopicPartition("t", partition));
    }

    private HeldPartition held(int partition) {
        HeldPartition found = holdings.find(p(partition));
        assertThat(found).as("partition %d is held", partition).isNotNull();
        return found;
    }

    @Test
    void whatIsAssignedIsHeldAtOnce() {
        assertThat(holdings.assign(List.of(p(1), p(0)), 3)).isFalse();
        assertThat(holdings.owned()).containsExactly(p(0), p(1));
        assertThat(held(0).gainedEpoch()).isEqualTo(3);
    }

    @Test
    void whatIsStillAssignedKeepsItsEpoch() {
        holdings.assign(List.of(p(0)), 3);
        holdings.assign(List.of(p(0), p(1)), 4);
        assertThat(held(0).gainedEpoch()).isEqualTo(3);
        assertThat(held(1).gainedEpoch()).isEqualTo(4);
    }

    @Test
    void whatOwesNothingIsGivenUpAtOnce() {
        holdings.assign(List.of(p(0), p(1)), 3);
        held(0).committed(5);
        held(0).delivered(5);
        assertThat(holdings.assign(List.of(), 4)).isFalse();
        assertThat(holdings.isEmpty()).isTrue();
    }

    @Test
    void whatOwesAnAcknowledgementIsKeptUntilItIsGiven() {
        holdings.assign(List.of(p(0), p(1)), 3);
        held(0).committed(5);
        held(0).delivered(7);
        assertThat(holdings.assign(List.of(p(1)), 3)).isTrue();
        assertThat(holdings.owned()).containsExactly(p(0), p(1));
        assertThat(held(0).isRevoking()).isTrue();
        assertThat(holdings.release(partition -> !partition.isUnacked())).isFalse();
        held(0).committed(7);
        assertThat(holdings.release(partition -> !partition.isUnacked())).isTrue();
        assertThat(holdings.owned()).containsExactly(p(1));
    }

    @Test
    void askingTwiceForTheSameIsNoNews() {
        holdings.assign(List.of(p(0)), 3);
        held(0).delivered(1);
        assertThat(holdings.assign(List.of(), 3)).isTrue();
        assertThat(holdings.assign(List.of(), 3)).isFalse();
    }

    @Test
    void whatIsAssignedAgainIsKept() {
        holdings.assign(List.of(p(0)), 3);
        held(0).delivered(1);
        holdings.assign(List.of(), 3);
        holdings.told();
        holdings.assign(List.of(p(0)), 4);
        assertThat(held(0).isRevoking()).isFalse();
        assertThat(held(0).isTold()).isFalse();
        assertThat(held(0).isUnacked()).isTrue();
        assertThat(holdings.release(partition -> true)).isFalse();
    }

    @Test
    void topicMadeAnewIsAnotherTopic() {
        holdings.assign(List.of(p(0)), 3);
        held(0).committed(100);
        MemberPartition anew = new MemberPartition(Uuid.randomUuid(), new TopicPartition("t", 0));
        holdings.assign(List.of(anew), 4);
        assertThat(holdings.owned()).containsExactly(anew);
        assertThat(holdings.find(anew).committed()).isEqualTo(HeldPartition.UNASKED);
        assertThat(holdings.find(p(0))).isNull();
    }

    @Test
    void committedNeverGoesBack() {
        holdings.assign(List.of(p(0)), 3);
        held(0).committed(7);
        held(0).committed(5);
        assertThat(held(0).committed()).isEqualTo(7);
    }

    @Test
    void restartKeepsOnlyWhatIsStillAssignedAndTrustsNothing() {
        holdings.restore(p(0), 3, 10);
        holdings.restore(p(1), 3, 10);
        holdings.restart(List.of(p(1), p(2)), 6);
        assertThat(holdings.owned()).containsExactly(p(1));
        assertThat(held(1).gainedEpoch()).isEqualTo(6);
        assertThat(held(1).isUnacked()).isFalse();
    }

    @Test
    void whateverComesItEndsUpWithTheAssignmentOnceReleased() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int step = 0; step < 2_000; step++) {
            List<MemberPartition> target = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                if (random.nextBoolean()) {
                    target.add(p(i));
                }
            }
            holdings.assign(target, step);
            assertThat(holdings.owned()).as("seed %d", seed).containsAll(target);
            for (HeldPartition partition : holdings.all()) {
                assertThat(partition.isRevoking()).as("seed %d", seed).isEqualTo(!target.contains(partition.id()));
                if (random.nextInt(3) == 0) {
                    partition.delivered(step);
                }
                if (random.nextInt(3) == 0) {
                    partition.committed(step);
                }
            }
            if (random.nextBoolean()) {
                holdings.release(partition -> true);
                assertThat(holdings.owned()).as("seed %d", seed).containsExactlyElementsOf(target);
            }
        }
    }
}
