package io.naru.coordinator.group;

import static io.naru.coordinator.group.GroupFixture.GROUP;
import static org.assertj.core.api.Assertions.assertThat;

import io.naru.coordinator.assignor.Assignors;
import io.naru.coordinator.group.state.Client;
import io.naru.coordinator.group.state.ConsumerGroup;
import io.naru.coordinator.group.state.GroupSettings;
import io.naru.coordinator.group.state.TopicCatalog;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thousand members join one group: the state machine's part of that takes a fraction of the ten seconds it may take in all. */
@Timeout(10)
class LargeGroupTest {

    private static final int MEMBERS = 1_000;

    private int ids;
    private final GroupShard shard =
            new GroupShard(GroupSettings.defaults(), Assignors.standard(), () -> "id-" + ++ids);

    @Test
    void aThousandClassicMembersJoinOneGeneration() {
        List<Reply<JoinGroupResponseData>> joining = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            Reply<JoinGroupResponseData> reply = new Reply<>();
            joining.add(reply);
            shard.join(ClassicFixture.joinRequest("", "range"), ClassicFixture.V3, new Client("c", "/h"), reply, 0)
                    .deliveries()
                    .forEach(Reply::take);
        }
        shard.expire(3_000).deliveries().forEach(Reply::take);
        shard.expire(6_000).deliveries().forEach(Reply::take);

        assertThat(joining).allMatch(reply -> !reply.waits() && reply.get().generationId() == 1);
        assertThat(joining.get(0).get().members()).hasSize(MEMBERS);
    }

    @Test
    void aThousandMembersJoinAConsumerGroupOneByOne() {
        shard.topics(TopicCatalog.of(1, List.of(new TopicCatalog.Topic("t", Uuid.ONE_UUID, MEMBERS, false))));
        for (int i = 0; i < MEMBERS; i++) {
            shard.heartbeat(GroupFixture.join("m" + i, "t"), GroupFixture.V1, new Client("c", "/h"), i);
        }

        ConsumerGroup group = shard.consumerGroup(GROUP).orElseThrow();
        assertThat(group.size()).isEqualTo(MEMBERS);
        assertThat(group.targets().values()).allMatch(target -> target.size() == 1);
    }
}
