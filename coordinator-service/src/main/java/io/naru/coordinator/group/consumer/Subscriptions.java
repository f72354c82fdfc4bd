package io.naru.coordinator.group.consumer;

import io.naru.coordinator.group.state.Client;
import io.naru.coordinator.group.state.ConsumerGroupMember;
import io.naru.coordinator.record.MemberSubscription;
import io.naru.coordinator.record.PartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData.Assignment;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData.TopicPartitions;
import org.jspecify.annotations.Nullable;

/** Between a heartbeat's fields and what is kept of them. */
public final class Subscriptions {

    private Subscriptions() {}

    /** What a member has said so far and says now: what a heartbeat leaves out stays as it was. Whoever heartbeats is not classic. */
    static MemberSubscription merge(
            @Nullable MemberSubscription before, ConsumerGroupHeartbeatRequestData request, Client client) {
        MemberSubscription base = before == null ? ConsumerGroupMember.UNTOLD : before;
        SortedSet<String> names = request.subscribedTopicNames() == null
                ? base.topicNames()
                : new TreeSet<>(request.subscribedTopicNames());
        String regex = base.topicRegex();
        if (request.subscribedTopicRegex() != null) {
            // An empty pattern takes the last one back.
            regex = request.subscribedTopicRegex().isEmpty() ? null : request.subscribedTopicRegex();
            if (regex != null && !regex.equals(base.topicRegex())) {
                RegexTopics.compile(regex);
            }
        }
        return new MemberSubscription(
                request.instanceId() == null ? base.instanceId() : request.instanceId(),
                request.rackId() == null ? base.rackId() : request.rackId(),
                client.clientId(),
                client.clientHost(),
                names,
                regex,
                request.rebalanceTimeoutMs() == -1 ? base.rebalanceTimeoutMs() : request.rebalanceTimeoutMs(),
                request.serverAssignor() == null ? base.serverAssignor() : request.serverAssignor(),
                null);
    }

    /** Whether the change, if any, can change who should get what. */
    static boolean assignedDifferently(@Nullable MemberSubscription before, MemberSubscription after) {
        return before == null
                || !before.topicNames().equals(after.topicNames())
                || !Objects.equals(before.topicRegex(), after.topicRegex())
                || !Objects.equals(before.serverAssignor(), after.serverAssignor())
                || !Objects.equals(before.instanceId(), after.instanceId());
    }

    static Assignment toResponse(Collection<PartitionId> partitions) {
        SortedMap<Uuid, List<Integer>> topics = new TreeMap<>();
        partitions.forEach(partition -> topics.computeIfAbsent(partition.topicId(), t -> new ArrayList<>())
                .add(partition.partition()));
        List<TopicPartitions> list = new ArrayList<>(topics.size());
        topics.forEach((topicId, indexes) ->
                list.add(new TopicPartitions().setTopicId(topicId).setPartitions(indexes)));
        return new Assignment().setTopicPartitions(list);
    }
}
