package io.naru.system.program;

import io.naru.testkit.KafkaEndpoint;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;

/** What an administrator sees of groups, and does to them. */
final class GroupAdminSteps {
    private static final String TOPIC = "administered";
    private static final TopicPartition ZERO = new TopicPartition(TOPIC, 0);

    private final KafkaEndpoint endpoint;
    private final Transcript transcript;

    GroupAdminSteps(KafkaEndpoint endpoint, Transcript transcript) {
        this.endpoint = endpoint;
        this.transcript = transcript;
    }

    void run() throws Exception {
        try (Admin admin = Clients.admin(endpoint)) {
            AdminSteps.get(admin.createTopics(List.of(new NewTopic(TOPIC, 2, (short) 1)))
                    .all());
            for (String protocol : List.of("classic", "consumer")) {
                groupWithAMember(admin, protocol);
                emptyGroup(admin, protocol);
            }
            strangers(admin);
            staticMemberTakenOut(admin);
        }
    }

    private KafkaConsumer<String, String> member(String protocol, Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("group.id", "administered-" + protocol);
        all.put("group.protocol", protocol);
        all.put("client.id", "the-client");
        return Clients.consumer(endpoint, all);
    }

    private void groupWithAMember(Admin admin, String protocol) throws Exception {
        String group = "administered-" + protocol;
        try (KafkaConsumer<String, String> member = member(protocol, Map.of())) {
            member.subscribe(List.of(TOPIC));
            Polling.until(records -> member.assignment().size() == 2, "the assignment", member);
            member.commitSync(Map.of(ZERO, new OffsetAndMetadata(0, "note")));
            describe(admin, group);
            transcript.note(protocol + " listed", listed(admin, new ListGroupsOptions(), group));
            transcript.note(
                    protocol + " listed as stable",
                    listed(admin, new ListGroupsOptions().inGroupStates(Set.of(GroupState.STABLE)), group));
            transcript.note(
                    protocol + " listed as empty",
                    listed(admin, new ListGroupsOptions().inGroupStates(Set.of(GroupState.EMPTY)), group));
            transcript.note(
                    protocol + " listed as classic",
                    listed(admin, new ListGroupsOptions().withTypes(Set.of(GroupType.CLASSIC)), group));
            transcript.noteOutcome(
                    protocol + " deleted while in use",
                    () -> AdminSteps.get(
                            admin.deleteConsumerGroups(List.of(group)).all()));
            transcript.noteOutcome(
                    protocol + " offsets deleted while in use",
                    () -> AdminSteps.get(admin.deleteConsumerGroupOffsets(group, Set.of(ZERO))
                            .all()));
            transcript.noteOutcome(
                    protocol + " offsets altered while in use",
                    () -> AdminSteps.get(admin.alterConsumerGroupOffsets(group, Map.of(ZERO, new OffsetAndMetadata(5)))
                            .all()));
            Polling.during(Duration.ofMillis(100), member);
        }
    }

    private void describe(Admin admin, String group) throws Exception {
        ConsumerGroupDescription described = AdminSteps.get(
                        admin.describeConsumerGroups(List.of(group)).all())
                .get(group);
        transcript.note(group + " state", described.groupState());
        transcript.note(group + " type", described.type());
        transcript.note(group + " assignor", described.partitionAssignor());
        transcript.note(group + " simple", described.isSimpleConsumerGroup());
        for (MemberDescription member : described.members()) {
            transcript.note(group + " member", member.clientId() + " at " + member.host());
            transcript.note(group + " instance", member.groupInstanceId());
            transcript.note(
                    group + " member has",
                    new TreeSet<>(member.assignment().topicPartitions().stream()
                            .map(TopicPartition::toString)
                            .toList()));
        }
    }

    private static Set<String> listed(Admin admin, ListGroupsOptions options, String group) throws Exception {
        Set<String> listed = new TreeSet<>();
        for (GroupListing each : AdminSteps.get(admin.listGroups(options).all())) {
            if (each.groupId().equals(group)) {
                listed.add(each.groupId() + " " + each.type().orElse(null) + " " + each.protocol() + " "
                        + each.groupState().orElse(null) + " " + each.isSimpleConsumerGroup());
            }
        }
        return listed;
    }

    private void emptyGroup(Admin admin, String protocol) throws Exception {
        String group = "administered-" + protocol;
        transcript.note(protocol + " listed when left", listed(admin, new ListGroupsOptions(), group));
        transcript.noteOutcome(
                protocol + " offsets altered",
                () -> AdminSteps.get(admin.alterConsumerGroupOffsets(
                                group,
                                Map.of(
                                        ZERO,
                                        new OffsetAndMetadata(7, "by hand"),
                                        new TopicPartition(TOPIC, 1),
                                        new OffsetAndMetadata(9)))
                        .all()));
        transcript.note(protocol + " offsets", offsets(admin, group));
        transcript.noteOutcome(
                protocol + " offsets deleted",
                () -> AdminSteps.get(
                        admin.deleteConsumerGroupOffsets(group, Set.of(ZERO)).all()));
        transcript.note(protocol + " offsets left", offsets(admin, group));
        transcript.noteOutcome(
                protocol + " deleted",
                () -> AdminSteps.get(admin.deleteConsumerGroups(List.of(group)).all()));
        transcript.note(protocol + " listed when deleted", listed(admin, new ListGroupsOptions(), group));
        transcript.noteOutcome(
                protocol + " deleted again",
                () -> AdminSteps.get(admin.deleteConsumerGroups(List.of(group)).all()));
        transcript.noteOutcome(
                protocol + " described when deleted",
                () -> AdminSteps.get(
                                admin.describeConsumerGroups(List.of(group)).all())
                        .get(group)
                        .groupState());
    }

    private void strangers(Admin admin) throws Exception {
        transcript.noteOutcome(
                "offsets made from nothing",
                () -> AdminSteps.get(admin.alterConsumerGroupOffsets("stranger", Map.of(ZERO, new OffsetAndMetadata(3)))
                        .all()));
        transcript.note("stranger listed", listed(admin, new ListGroupsOptions(), "stranger"));
        describe(admin, "stranger");
        transcript.note("nobody's offsets", offsets(admin, "nobody"));
        transcript.noteOutcome(
                "nobody's offsets deleted",
                () -> AdminSteps.get(
                        admin.deleteConsumerGroupOffsets("nobody", Set.of(ZERO)).all()));
    }

    private void staticMemberTakenOut(Admin admin) throws Exception {
        Map<String, Object> settings = Map.of("group.instance.id", "worker");
        try (KafkaConsumer<String, String> member = member("classic", settings)) {
            member.subscribe(List.of(TOPIC));
            Polling.until(records -> member.assignment().size() == 2, "the assignment", member);
        }
        transcript.note("static member stays", listed(admin, new ListGroupsOptions(), "administered-classic"));
        transcript.noteOutcome(
                "static member taken out",
                () -> AdminSteps.get(admin.removeMembersFromConsumerGroup(
                                "administered-classic",
                                new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove("worker"))))
                        .all()));
        transcript.note("static member is out", listed(admin, new ListGroupsOptions(), "administered-classic"));
    }

    private static Map<String, String> offsets(Admin admin, String group) throws Exception {
        Map<String, String> offsets = new TreeMap<>();
        AdminSteps.get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> offsets.put(
                        partition.toString(), offset == null ? "none" : offset.offset() + " " + offset.metadata()));
        return offsets;
    }
}
