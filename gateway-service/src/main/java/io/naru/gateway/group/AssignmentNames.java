package io.naru.gateway.group;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData.Assignment;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData.TopicPartitions;

/**
 * Turns assignments, which name topics by id, into partitions, and hands them to the member: at once if the names are known, else when
 * they are, unless a newer assignment has come meanwhile. Belongs to the member's mailbox.
 */
final class AssignmentNames {

    private static final long ASK_AGAIN_MS = 300;

    private final HeartbeatMembership membership;
    private final GroupMember member;
    private final TopicNames topics;
    private int newest;

    AssignmentNames(HeartbeatMembership membership, GroupMember member, TopicNames topics) {
        this.membership = membership;
        this.member = member;
        this.topics = topics;
    }

    /** Resolves an assignment that came with an epoch of the member. */
    void resolve(Assignment assignment, int epoch) {
        int number = ++newest;
        List<Uuid> ids = assignment.topicPartitions().stream()
                .map(TopicPartitions::topicId)
                .toList();
        CompletableFuture<Map<Uuid, String>> names = topics.of(ids);
        if (names.isDone() && !names.isCompletedExceptionally()) {
            assign(assignment, names.join(), epoch);
            return;
        }
        names.whenComplete((found, error) -> member.submit(() -> {
            if (number == newest && !member.isGone()) {
                assign(assignment, found == null ? Map.of() : found, epoch);
                member.advance();
            }
        }));
    }

    private void assign(Assignment assignment, Map<Uuid, String> names, int epoch) {
        List<MemberPartition> target = new ArrayList<>();
        boolean all = true;
        for (TopicPartitions topic : assignment.topicPartitions()) {
            String name = names.get(topic.topicId());
            all &= name != null;
            if (name != null) {
                topic.partitions()
                        .forEach(index ->
                                target.add(new MemberPartition(topic.topicId(), new TopicPartition(name, index))));
            }
        }
        if (!all) {
            // The coordinator has heard of a topic that the broker asked has not.
            int number = newest;
            member.later(ASK_AGAIN_MS, () -> {
                if (number == newest) {
                    resolve(assignment, epoch);
                }
            });
        }
        membership.assigned(target, epoch);
    }

    /** The partitions of a described member, whose topics are named. */
    List<MemberPartition> of(ConsumerGroupDescribeResponseData.Member described) {
        // Whatever was on its way is older.
        newest++;
        List<MemberPartition> assigned = new ArrayList<>();
        for (var topic : described.assignment().topicPartitions()) {
            topics.remember(topic.topicId(), topic.topicName());
            for (int index : topic.partitions()) {
                assigned.add(new MemberPartition(topic.topicId(), new TopicPartition(topic.topicName(), index)));
            }
        }
        return assigned;
    }
}
