package io.naru.coordinator.group;

import static io.naru.coordinator.group.GroupFixture.GROUP;
import static io.naru.coordinator.group.GroupFixture.assignment;
import static io.naru.coordinator.group.GroupFixture.beat;
import static io.naru.coordinator.group.GroupFixture.join;
import static org.assertj.core.api.Assertions.assertThat;

import io.naru.coordinator.group.history.GroupEvents;
import io.naru.coordinator.group.history.GroupRebalance;
import io.naru.coordinator.group.state.Client;
import io.naru.coordinator.group.state.GroupSettings;
import io.naru.coordinator.group.state.TopicCatalog;
import io.naru.coordinator.group.view.GroupView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.ConsumerProtocolAssignment;
import org.apache.kafka.common.message.ConsumerProtocolAssignment.TopicPartition;
import org.apache.kafka.common.message.ConsumerProtocolAssignment.TopicPartitionCollection;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.protocol.MessageUtil;
import org.junit.jupiter.api.Test;

/** Groups as people look at them, and what they have been through. */
class GroupViewsTest {

    private final ClassicFixture classic = new ClassicFixture();
    private final GroupFixture fixture = classic.world;

    private GroupView view() {
        return fixture.shard.view(GROUP).orElseThrow();
    }

    @Test
    void aConsumerGroupShowsWhatItsMembersReadAndAreToRead() {
        fixture.send(join("a", "orders"));
        fixture.send(join("b", "orders"));

        GroupView group = view();

        assertThat(group.type()).isEqualTo("consumer");
        assertThat(group.assignor()).isEqualTo("uniform");
        assertThat(group.membersCount()).isEqualTo(2);
        GroupView.Member a = group.members().get(0);
        assertThat(a.topics()).containsExactly("orders");
        assertThat(a.assignment()).containsExactly(new GroupView.Partitions("orders", List.of(0, 1, 2, 3)));
        assertThat(a.target().get(0).partitions()).hasSize(2);
    }

    @Test
    void aClassicGroupShowsWhatItsLeaderAssigned() {
        var joined = classic.join("range");
        classic.tick(3_000);
        TopicPartitionCollection topics = new TopicPartitionCollection();
        topics.add(new TopicPartition().setTopic("orders").setPartitions(List.of(1, 0)));
        classic.sync(new SyncGroupRequestData()
                .setGroupId(GROUP)
                .setMemberId(joined.get().memberId())
                .setGenerationId(1)
                .setAssignments(List.of(new SyncGroupRequestAssignment()
                        .setMemberId(joined.get().memberId())
                        .setAssignment(MessageUtil.toVersionPrefixedBytes(
                                (short) 3, new ConsumerProtocolAssignment().setAssignedPartitions(topics))))));
        fixture.commit(joined.get().memberId(), 1, "orders", 1, 7);

        GroupView group = view();

        assertThat(group.type()).isEqualTo("classic");
        assertThat(group.assignor()).isEqualTo("range");
        assertThat(group.leader()).isEqualTo(joined.get().memberId());
        assertThat(group.members().get(0).assignment())
                .containsExactly(new GroupView.Partitions("orders", List.of(0, 1)));
        assertThat(fixture.shard.offsets(GROUP)).singleElement().satisfies(offset -> {
            assertThat(offset.offset()).isEqualTo(7);
            assertThat(offset.memberId()).isEqualTo(joined.get().memberId());
        });
    }

    @Test
    void bytesThatAreNoAssignmentShowNothing() {
        classic.stable(1);

        assertThat(view().members().get(0).assignment()).isEmpty();
        assertThat(view().state()).isEqualTo("Stable");
    }

    @Test
    void offsetsWithoutAGroupAreAGroupToo() {
        fixture.commit("", -1, "orders", 0, 5);

        assertThat(fixture.shard.view()).singleElement().satisfies(group -> {
            assertThat(group.state()).isEqualTo("Empty");
            assertThat(group.type()).isEqualTo("classic");
        });
        assertThat(fixture.shard.view("other")).isEmpty();
    }

    @Test
    void aConsumerGroupRemembersWhatSetItsRebalancesOffAndHowLongTheyTook() {
        fixture.send(join("a", "orders"));
        assertThat(fixture.shard.rebalances(GROUP)).singleElement().satisfies(first -> {
            assertThat(first.reason()).isEqualTo("member a joins");
            assertThat(first.epoch()).isEqualTo(1);
            assertThat(first.endedMs()).isEqualTo(first.startedMs());
        });

        fixture.send(join("b", "orders"));
        fixture.tick(700);
        var told = assignment(fixture.send(beat("a", 1)));
        assertThat(fixture.shard.rebalances(GROUP).get(0).endedMs()).isEqualTo(GroupRebalance.NOT_ENDED);
        fixture.send(fixture.beatOwning("a", 1, told));
        fixture.send(beat("b", 2));

        GroupRebalance second = fixture.shard.rebalances(GROUP).get(0);
        assertThat(second.reason()).isEqualTo("member b joins");
        assertThat(second.endedMs() - second.startedMs()).isEqualTo(700);
        assertThat(second.members()).isEqualTo(2);
        assertThat(fixture.shard.rebalances(GROUP)).hasSize(2);
    }

    @Test
    void aClassicGroupRemembersThemToo() {
        var joined = classic.stable(1);
        classic.leave(joined.get(0).memberId());

        assertThat(fixture.shard.rebalances(GROUP))
                .extracting(GroupRebalance::reason)
                .containsExactly(
                        "member " + joined.get(0).memberId() + " left",
                        "member " + joined.get(0).memberId() + " joins");
        GroupRebalance first = fixture.shard.rebalances(GROUP).get(1);
        assertThat(first.endedMs() - first.startedMs()).isEqualTo(6_000);
    }

    @Test
    void onlyTheLastRebalancesAreRemembered() {
        for (int i = 0; i < 30; i++) {
            fixture.send(join("m" + i, "orders"));
            fixture.send(beat("m" + i, -1));
        }

        assertThat(fixture.shard.rebalances(GROUP)).hasSize(20);
    }

    @Test
    void whoeverCountsIsToldWhatHappens() {
        Map<String, Integer> seen = new java.util.TreeMap<>();
        List<Long> durations = new ArrayList<>();
        GroupEvents events = new GroupEvents() {
            @Override
            public void rebalanced(String groupType, long durationMs) {
                seen.merge(groupType, 1, Integer::sum);
                durations.add(durationMs);
            }

            @Override
            public void evicted(int members) {
                seen.merge("evicted", members, Integer::sum);
            }

            @Override
            public void committed(int offsets) {
                seen.merge("committed", offsets, Integer::sum);
            }

            @Override
            public void expired(int offsets) {
                seen.merge("expired", offsets, Integer::sum);
            }
        };
        GroupShard shard = new GroupShard(
                GroupSettings.defaults(), io.naru.coordinator.assignor.Assignors.standard(), () -> "id", events);
        shard.loaded(0);
        shard.topics(TopicCatalog.of(1, fixture.topics.values()));
        shard.heartbeat(join("a", "orders"), GroupFixture.V1, new Client("c", "/h"), 0);
        shard.commit(GroupFixture.commitRequest("a", 1, "orders", 0, 5), (short) 9, 0);
        shard.expire(45_000);
        shard.expire(8L * 24 * 60 * 60 * 1000);

        assertThat(seen)
                .containsEntry("consumer", 2)
                .containsEntry("evicted", 1)
                .containsEntry("committed", 1)
                .containsEntry("expired", 1);
        assertThat(durations).containsOnly(0L);
    }
}
