package io.naru.admin.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.admin.controller.Note.Action;
import io.naru.cluster.control.Actor;
import io.naru.cluster.control.AlterConfigs;
import io.naru.cluster.control.AlterConfigs.ConfigOp;
import io.naru.cluster.control.AlterConfigs.Resource;
import io.naru.cluster.control.AlterReassignments;
import io.naru.cluster.control.AlterReassignments.Reassignment;
import io.naru.cluster.control.ConfigTarget;
import io.naru.cluster.control.CreatePartitions;
import io.naru.cluster.control.CreatePartitions.MorePartitions;
import io.naru.cluster.control.CreateTopics;
import io.naru.cluster.control.DeleteTopics;
import io.naru.cluster.control.ElectLeaders;
import io.naru.cluster.control.NewTopic;
import io.naru.cluster.control.PartitionName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the change history says. */
class NotesTest {

    private static final Actor ME = new Actor("User:me", "test", "127.0.0.1");

    private final ControllerFixture cluster = new ControllerFixture();

    @BeforeEach
    void threeBrokers() {
        cluster.liveBrokers(1, 2, 3);
    }

    private List<Note> noted(Decision<?> decision) {
        Decision<?> noted = decision.notedFor(ME, cluster.image());
        cluster.commit(noted);
        return noted.changes().stream()
                .filter(Change.Noted.class::isInstance)
                .map(change -> ((Change.Noted) change).note())
                .toList();
    }

    private static void is(
            List<Note> notes, Action action, String resource, Map<String, String> before, Map<String, String> after) {
        assertThat(notes).singleElement().satisfies(note -> {
            assertThat(note.actor()).isEqualTo(ME);
            assertThat(note.action()).isEqualTo(action);
            assertThat(note.resource()).isEqualTo(resource);
            assertThat(note.before()).isEqualTo(before);
            assertThat(note.after()).isEqualTo(after);
        });
    }

    @Test
    void whatWasDoneElsewhereStandsUnderAVersionOfItsOwn() {
        long version = cluster.image().version();
        Note reset =
                new Note(ME, Action.RESET_OFFSETS, Note.Kind.GROUP, "readers", Map.of("t-0", "5"), Map.of("t-0", "0"));
        for (int i = 1; i <= 2; i++) {
            Decision<Note> decision = cluster.controller.note(reset);
            assertThat(decision.changes()).containsExactly(new Change.Noted(reset));
            assertThat(cluster.commit(decision)).isEqualTo(reset);
            assertThat(cluster.image().version()).isEqualTo(version + i);
        }
    }

    @Test
    void tellsEveryKindOfChange() {
        NewTopic topic = new NewTopic("t", -1, -1, Map.of(0, List.of(1, 2)), Map.of("flush.ms", "7"));
        List<Note> created = noted(cluster.controller.createTopics(new CreateTopics(List.of(topic), false)));
        String id = cluster.image().topic("t").orElseThrow().topicId();
        Map<String, String> whole =
                Map.of("flush.ms", "7", "partitions", "1", "replication_factor", "2", "topic_id", id);
        is(created, Action.CREATE, "t", Map.of(), whole);
        is(
                noted(cluster.controller.alterConfigs(new AlterConfigs(
                        List.of(new Resource(
                                ConfigTarget.topic("t"),
                                List.of(ConfigOp.delete("flush.ms"), ConfigOp.set("retention.ms", "5")))),
                        false))),
                Action.ALTER_CONFIGS,
                "t",
                Map.of("flush.ms", "7"),
                Map.of("retention.ms", "5"));
        is(
                noted(cluster.controller.alterConfigs(new AlterConfigs(
                        List.of(new Resource(ConfigTarget.allBrokers(), List.of(ConfigOp.set("num.io.threads", "3")))),
                        false))),
                Action.ALTER_CONFIGS,
                Note.ALL_BROKERS,
                Map.of(),
                Map.of("num.io.threads", "3"));
        is(
                noted(cluster.controller.createPartitions(
                        new CreatePartitions(List.of(new MorePartitions("t", 3, List.of())), false))),
                Action.CREATE_PARTITIONS,
                "t",
                Map.of("partitions", "1"),
                Map.of("partitions", "3"));
        is(
                noted(cluster.controller.alterReassignments(new AlterReassignments(
                        List.of(new Reassignment(new PartitionName("t", 0), List.of(3, 1))), true))),
                Action.REASSIGN,
                "t-0",
                Map.of("replicas", "1,2"),
                Map.of("replicas", "3,1"));
        cluster.alterIsr("t", 0, 1, 2, 3);
        is(
                noted(cluster.controller.electLeaders(new ElectLeaders(false, List.of(new PartitionName("t", 0))))),
                Action.ELECT_LEADER,
                "t-0",
                Map.of("leader", "1"),
                Map.of("leader", "3"));
        Map<String, String> last =
                Map.of("retention.ms", "5", "partitions", "3", "replication_factor", "2", "topic_id", id);
        is(
                noted(cluster.controller.deleteTopics(new DeleteTopics(List.of("t"), List.of()))),
                Action.DELETE,
                "t",
                last,
                Map.of());
    }

    @Test
    void whatWasRefusedOrOnlyValidatedIsNotNoted() {
        NewTopic topic = ControllerFixture.topic("t", 1);
        assertThat(noted(cluster.controller.createTopics(new CreateTopics(List.of(topic), true))))
                .isEmpty();
        assertThat(noted(cluster.controller.deleteTopics(new DeleteTopics(List.of("t"), List.of()))))
                .isEmpty();
    }

    @Test
    void whatFollowsByItselfIsNotNoted() {
        cluster.createOn("t", Map.of(), 1, 2);
        cluster.nowMs += 10_000;
        Decision<Integer> lapse = cluster.controller.expireSessions(cluster.nowMs);
        assertThat(noted(lapse)).isEmpty();
    }
}
