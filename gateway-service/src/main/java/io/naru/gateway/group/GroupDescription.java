package io.naru.gateway.group;

import io.naru.gateway.http.KafkaProblems;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.jspecify.annotations.Nullable;

/**
 * A group as its coordinator describes it, of either protocol.
 *
 * @param type     consumer (KIP-848) or classic
 * @param epoch    of the group; −1 for a classic one, whose generation is not told
 * @param assignor who assigns; empty while nobody does
 */
record GroupDescription(String group, String type, String state, int epoch, String assignor, List<Member> members) {

    private static final int NO_EPOCH = -1;

    /** A member and its partitions. */
    record Member(
            String memberId,
            @Nullable String instanceId,
            String clientId,
            String host,
            List<TopicPartition> assignment) {}

    /** Asks the coordinator. Fails with {@link ProblemKind#NO_SUCH_GROUP} when there is no such group. */
    static CompletableFuture<GroupDescription> of(String groupId, GroupCalls calls) {
        return calls.describe(groupId).thenCompose(described -> {
            Errors error = Errors.forCode(described.errorCode());
            if (error == Errors.NONE) {
                return CompletableFuture.completedFuture(consumer(described));
            }
            if (error != Errors.GROUP_ID_NOT_FOUND && error != Errors.UNSUPPORTED_VERSION) {
                return refused(groupId, error, calls);
            }
            return calls.describeClassic(groupId).thenCompose(classic -> {
                Errors code = Errors.forCode(classic.errorCode());
                if (code == Errors.NONE && !classic.groupState().equals("Dead")) {
                    return CompletableFuture.completedFuture(classic(classic));
                }
                return code == Errors.NONE || code == Errors.GROUP_ID_NOT_FOUND
                        ? CompletableFuture.failedFuture(
                                Problem.of(ProblemKind.NO_SUCH_GROUP, "there is no group " + groupId)
                                        .exception())
                        : refused(groupId, code, calls);
            });
        });
    }

    private static CompletableFuture<GroupDescription> refused(String groupId, Errors error, GroupCalls calls) {
        if (GroupCalls.passes(error)) {
            calls.forgetCoordinator(groupId);
        }
        return CompletableFuture.failedFuture(KafkaProblems.of(error, null).exception());
    }

    private static GroupDescription consumer(ConsumerGroupDescribeResponseData.DescribedGroup group) {
        List<Member> members = new ArrayList<>();
        for (ConsumerGroupDescribeResponseData.Member member : group.members()) {
            List<TopicPartition> partitions = new ArrayList<>();
            member.assignment()
                    .topicPartitions()
                    .forEach(topic -> topic.partitions()
                            .forEach(index -> partitions.add(new TopicPartition(topic.topicName(), index))));
            members.add(new Member(
                    member.memberId(), member.instanceId(), member.clientId(), member.clientHost(), partitions));
        }
        return new GroupDescription(
                group.groupId(), "consumer", group.groupState(), group.groupEpoch(), group.assignorName(), members);
    }

    private static GroupDescription classic(DescribeGroupsResponseData.DescribedGroup group) {
        List<Member> members = new ArrayList<>();
        for (DescribeGroupsResponseData.DescribedGroupMember member : group.members()) {
            members.add(new Member(
                    member.memberId(),
                    member.groupInstanceId(),
                    member.clientId(),
                    member.clientHost(),
                    partitions(group.protocolType(), member.memberAssignment())));
        }
        return new GroupDescription(
                group.groupId(), "classic", group.groupState(), NO_EPOCH, group.protocolData(), members);
    }

    /** What an assignment says that only clients understand; nothing when these are no consumers. */
    private static List<TopicPartition> partitions(String protocolType, byte[] assignment) {
        if (!protocolType.equals(ConsumerProtocol.PROTOCOL_TYPE) || assignment.length == 0) {
            return List.of();
        }
        try {
            return ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(assignment))
                    .partitions();
        } catch (SchemaException foreign) {
            return List.of();
        }
    }
}
