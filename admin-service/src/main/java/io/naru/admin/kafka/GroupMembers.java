package io.naru.admin.kafka;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.CoordinatorImage;
import io.naru.cluster.GroupShards;
import io.naru.protocol.client.ClientOptions;
import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.NodeAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Takes members out of groups, in their name. Kafka's admin client can only do so with static members, or with all; hence a connection of
 * our own to the coordinator, made when first needed. Thread-safe; nothing waits.
 */
@Component
public class GroupMembers implements AutoCloseable {

    private static final long REQUEST_TIMEOUT_MS = 10_000;
    private static final int RESPONSE_MAX = 1024 * 1024;

    private @Nullable KafkaClient client;

    /** Has {@code member} leave for good; fails with Kafka's exceptions. */
    public CompletableFuture<@Nullable Void> remove(
            ClusterImage image, ConsumerGroupDescription group, MemberDescription member) {
        CoordinatorImage coordinator = image.coordinatorOf(GroupShards.shardFor(
                        group.groupId(), Math.max(1, image.shards().size())))
                .orElseThrow(() -> new CoordinatorNotAvailableException(
                        "Nobody coordinates group '" + group.groupId() + "' now."));
        NodeAddress node =
                new NodeAddress(coordinator.kafka().host(), coordinator.kafka().port());
        boolean heartbeats =
                group.type() == GroupType.CONSUMER && member.upgraded().orElse(true);
        return (heartbeats ? lastHeartbeat(node, group, member) : leave(node, group, member))
                .handle((code, failure) -> {
                    if (failure != null) {
                        throw new CoordinatorNotAvailableException(
                                "The coordinator of group '" + group.groupId() + "' did not answer.", failure);
                    }
                    Errors error = Errors.forCode(code);
                    if (error != Errors.NONE) {
                        throw error.exception();
                    }
                    return null;
                });
    }

    /** A member of the new protocol leaves with a heartbeat of epoch −1 (KIP-848). */
    private CompletableFuture<Short> lastHeartbeat(
            NodeAddress node, ConsumerGroupDescription group, MemberDescription member) {
        ConsumerGroupHeartbeatRequestData last = new ConsumerGroupHeartbeatRequestData()
                .setGroupId(group.groupId())
                .setMemberId(member.consumerId())
                .setMemberEpoch(ConsumerGroupHeartbeatRequest.LEAVE_GROUP_MEMBER_EPOCH)
                .setInstanceId(member.groupInstanceId().orElse(null));
        return client().send(node, last, ConsumerGroupHeartbeatResponseData.class)
                .thenApply(ConsumerGroupHeartbeatResponseData::errorCode);
    }

    private CompletableFuture<Short> leave(NodeAddress node, ConsumerGroupDescription group, MemberDescription member) {
        LeaveGroupRequestData leave = new LeaveGroupRequestData()
                .setGroupId(group.groupId())
                .setMembers(List.of(new MemberIdentity()
                        .setMemberId(member.consumerId())
                        .setGroupInstanceId(member.groupInstanceId().orElse(null))
                        .setReason("removed by an administrator")));
        return client().send(node, leave, LeaveGroupResponseData.class)
                .thenApply(answer -> answer.errorCode() != 0 || answer.members().isEmpty()
                        ? answer.errorCode()
                        : answer.members().get(0).errorCode());
    }

    private synchronized KafkaClient client() {
        KafkaClient known = client;
        if (known == null) {
            ClientOptions defaults = ClientOptions.named("naru-admin-members");
            known = new KafkaClient(
                    new ClientOptions(
                            defaults.clientId(), defaults.connectTimeoutMs(), REQUEST_TIMEOUT_MS, RESPONSE_MAX),
                    1);
            client = known;
        }
        return known;
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
        }
    }
}
