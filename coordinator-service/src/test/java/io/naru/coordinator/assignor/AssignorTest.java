package io.naru.coordinator.assignor;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.coordinator.record.PartitionId;
import java.util.Collection;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class AssignorTest {

    private static final Uuid A = new Uuid(1, 1);
    private static final Uuid B = new Uuid(1, 2);
    private static final Uuid C = new Uuid(1, 3);

    private final PartitionAssignor uniform = new UniformAssignor();
    private final PartitionAssignor range = new RangeAssignor();

    /** Builds inputs step by step, each starting from the last assignment. */
    private static final class Group {
        private final SortedMap<Uuid, Integer> topics = new TreeMap<>();
        private final SortedMap<String, AssignmentInput.Member> members = new TreeMap<>();

        Group topic(Uuid topic, int partitions) {
            topics.put(topic, partitions);
            return this;
        }

        Group member(String id, Uuid... subscription) {
            members.put(id, new AssignmentInput.Member(null, new TreeSet<>(List.of(subscription)), new TreeSet<>()));
            return this;
        }

        Group staticMember(String id, String instance, Uuid... subscription) {
            members.put(
                    id, new AssignmentInput.Member(instance, new TreeSet<>(List.of(subscription)), new TreeSet<>()));
            return this;
        }

        Group without(String id) {
            members.remove(id);
            return this;
        }

        SortedMap<String, SortedSet<PartitionId>> assign(PartitionAssignor assignor) {
            AssignmentInput input = new AssignmentInput(new TreeMap<>(members), new TreeMap<>(topics));
            SortedMap<String, SortedSet<PartitionId>> result = assignor.assign(input);
            assertThat(result.keySet()).isEqualTo(members.keySet());
            assertEveryPartitionOnce(result);
            result.forEach((id, target) -> members.computeIfPresent(
                    id, (i, m) -> new AssignmentInput.Member(m.instanceId(), m.topics(), target)));
            return result;
        }

        private void assertEveryPartitionOnce(SortedMap<String, SortedSet<PartitionId>> result) {
            List<PartitionId> expected = new java.util.ArrayList<>();
            topics.forEach((topic, count) -> {
                if (members.values().stream().anyMatch(m -> m.topics().contains(topic))) {
                    for (int i = 0; i < count; i++) {
                        expected.add(new PartitionId(topic, i));
                    }
                }
            });
            assertThat(result.values().stream().flatMap(Collection::stream))
                    .containsExactlyInAnyOrderElementsOf(expected);
            result.forEach((id, partitions) -> assertThat(partitions)
                    .allMatch(p -> members.get(id).topics().contains(p.topicId())));
        }
    }

    private static int moved(
            SortedMap<String, SortedSet<PartitionId>> before, SortedMap<String, SortedSet<PartitionId>> after) {
        int moved = 0;
        for (String member : before.keySet()) {
            TreeSet<PartitionId> lost = new TreeSet<>(before.get(member));
            lost.removeAll(after.getOrDefault(member, new TreeSet<>()));
            moved += lost.size();
        }
        return moved;
    }

    private static int spread(SortedMap<String, SortedSet<PartitionId>> assignment) {
        IntSummaryStatistics sizes =
                assignment.values().stream().mapToInt(Collection::size).summaryStatistics();
        return sizes.getMax() - sizes.getMin();
    }

    @Test
    void nobodyGetsNothing() {
        assertThat(new Group().assign(uniform)).isEmpty();
        assertThat(new Group().assign(range)).isEmpty();
        assertThat(new Group().topic(A, 3).member("m").assign(uniform).get("m")).isEmpty();
    }

    @Test
    void uniformGivesEachTheSameAndSpreadsEveryTopic() {
        var assignment = new Group()
                .topic(A, 4)
                .topic(B, 4)
                .member("1", A, B)
                .member("2", A, B)
                .assign(uniform);

        assertThat(assignment.values()).allSatisfy(mine -> {
            assertThat(mine).hasSize(4);
            assertThat(mine).filteredOn(p -> p.topicId().equals(A)).hasSize(2);
        });
    }

    @Test
    void uniformMovesOnlyWhatANewMemberNeeds() {
        Group group = new Group().topic(A, 12).member("1", A).member("2", A).member("3", A);
        var before = group.assign(uniform);

        var after = group.member("4", A).assign(uniform);

        assertThat(after.get("4")).hasSize(3);
        assertThat(moved(before, after)).isEqualTo(3);
    }

    @Test
    void uniformMovesOnlyWhatALeaverHad() {
        Group group = new Group().topic(A, 12).member("1", A).member("2", A).member("3", A);
        var before = group.assign(uniform);

        var after = group.without("2").assign(uniform);

        assertThat(after.get("1")).containsAll(before.get("1")).hasSize(6);
        assertThat(after.get("3")).containsAll(before.get("3")).hasSize(6);
    }

    @Test
    void uniformLetsThoseWithOneMoreKeepIt() {
        Group group = new Group().topic(A, 7).member("1", A).member("2", A).member("3", A);
        var before = group.assign(uniform);

        assertThat(group.assign(uniform)).isEqualTo(before);
        var afterGrowth = group.topic(A, 8).assign(uniform);

        assertThat(moved(before, afterGrowth)).isZero();
        assertThat(spread(afterGrowth)).isEqualTo(1);
    }

    @Test
    void uniformBalancesAcrossDifferentSubscriptions() {
        var assignment = new Group()
                .topic(A, 6)
                .topic(B, 3)
                .topic(C, 3)
                .member("1", A)
                .member("2", A, B)
                .member("3", B, C)
                .assign(uniform);

        assertThat(assignment.values()).allSatisfy(mine -> assertThat(mine).hasSize(4));
    }

    @Test
    void rangeCutsTopicsAlike() {
        var assignment = new Group()
                .topic(A, 5)
                .topic(B, 5)
                .member("1", A, B)
                .member("2", A, B)
                .assign(range);

        assertThat(assignment.get("1")).extracting(PartitionId::partition).containsExactlyInAnyOrder(0, 1, 2, 0, 1, 2);
        assertThat(assignment.get("2")).extracting(PartitionId::partition).containsExactlyInAnyOrder(3, 4, 3, 4);
    }

    @Test
    void rangeKeepsAStaticMembersPlaceWhenItComesBackUnderAnotherId() {
        Group group = new Group().topic(A, 4).staticMember("zz", "first", A).staticMember("aa", "second", A);
        var before = group.assign(range);

        var after = group.without("zz").staticMember("bb", "first", A).assign(range);

        assertThat(after.get("bb")).isEqualTo(before.get("zz"));
        assertThat(after.get("aa")).isEqualTo(before.get("aa"));
    }

    @RepeatedTest(100)
    void whateverHappensAssignmentsStayCompleteEvenAndSticky(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        boolean alike = random.nextBoolean();
        List<Uuid> all = List.of(A, B, C);
        Group group = new Group();
        all.forEach(topic -> group.topic(topic, random.nextInt(20)));
        for (int step = 0; step < 30; step++) {
            String id = "m" + random.nextInt(10);
            switch (random.nextInt(4)) {
                case 0 -> group.without(id);
                case 1 -> group.topic(A, group.topics.get(A) + random.nextInt(3));
                default ->
                    group.member(
                            id,
                            alike
                                    ? new Uuid[] {A, B, C}
                                    : all.stream()
                                            .filter(t -> random.nextBoolean())
                                            .toArray(Uuid[]::new));
            }
            var first = group.assign(uniform);
            assertThat(group.assign(uniform))
                    .as("assigning again moves nothing")
                    .isEqualTo(first);
            if (alike && !first.isEmpty()) {
                assertThat(spread(first)).isLessThanOrEqualTo(1);
            }
            assertNoSingleMoveHelps(group, first);
        }
    }

    private static void assertNoSingleMoveHelps(Group group, SortedMap<String, SortedSet<PartitionId>> assignment) {
        assignment.forEach((from, partitions) -> partitions.forEach(partition -> assignment.forEach((to, others) -> {
            if (group.members.get(to).topics().contains(partition.topicId())) {
                assertThat(partitions.size())
                        .as("%s could go from %s to %s", partition, from, to)
                        .isLessThanOrEqualTo(others.size() + 1);
            }
        })));
    }
}
