package io.naru.gateway.group;

import io.naru.gateway.cursor.Subscription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData.TopicPartitions;

/** What is said in a heartbeat (KIP-848): everything, or only what the coordinator may not know yet. Stateless. */
final class HeartbeatRequests {

    /** Of a member that joins. */
    static final int JOIN_EPOCH = 0;

    private static final int LEAVE_EPOCH = -1;

    private HeartbeatRequests() {}

    /** Says that the member is there. */
    static ConsumerGroupHeartbeatRequestData keep(MemberKey key, int epoch) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(key.group())
                .setMemberId(key.memberId())
                .setMemberEpoch(epoch);
    }

    static ConsumerGroupHeartbeatRequestData leave(MemberKey key) {
        return keep(key, LEAVE_EPOCH);
    }

    /**
     * Adds what the member wants.
     *
     * @param hadPattern whether a pattern may have to be taken back
     */
    static void describe(
            ConsumerGroupHeartbeatRequestData request,
            Subscription subscription,
            boolean hadPattern,
            GroupServices services) {
        request.setRebalanceTimeoutMs(services.properties().rebalanceTimeoutMs())
                .setRackId(services.gatewayId())
                .setSubscribedTopicNames(subscription.topics());
        String pattern = subscription.pattern();
        if (pattern != null) {
            request.setSubscribedTopicRegex(pattern);
        } else if (hadPattern) {
            request.setSubscribedTopicRegex("");
        }
    }

    /** Adds what the member holds. */
    static void own(ConsumerGroupHeartbeatRequestData request, List<MemberPartition> owned) {
        Map<Uuid, TopicPartitions> topics = new HashMap<>();
        owned.forEach(
                partition -> topics.computeIfAbsent(partition.topicId(), id -> new TopicPartitions().setTopicId(id))
                        .partitions()
                        .add(partition.partition().partition()));
        request.setTopicPartitions(new ArrayList<>(topics.values()));
    }
}
