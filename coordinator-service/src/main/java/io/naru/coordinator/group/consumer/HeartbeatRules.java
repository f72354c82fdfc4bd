package io.naru.coordinator.group.consumer;

import io.naru.coordinator.assignor.Assignors;
import io.naru.coordinator.group.state.ConsumerGroupMember;
import io.naru.coordinator.group.state.GroupIds;
import java.util.List;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** What a ConsumerGroupHeartbeat must look like, whatever the group's state (KIP-848), and how large its parts may be. */
public final class HeartbeatRules {

    private static final int TOPIC_NAMES_MAX = 10_000;
    private static final int TOPIC_NAMES_CHARS_MAX = 256 * 1024;
    /** From this version on members choose their ids themselves (KIP-1082). */
    private static final short MEMBER_CHOOSES_ID = 1;

    private HeartbeatRules() {}

    static void check(ConsumerGroupHeartbeatRequestData request, short version, Assignors assignors) {
        checkIds(request, version);
        int epoch = request.memberEpoch();
        if (epoch < ConsumerGroupMember.LEAVE_STATIC_EPOCH) {
            throw invalid("MemberEpoch is " + epoch + ", below -2");
        }
        if (epoch == ConsumerGroupMember.LEAVE_STATIC_EPOCH && request.instanceId() == null) {
            throw invalid("InstanceId is missing: only static members leave with epoch -2");
        }
        if (epoch == ConsumerGroupMember.JOIN_EPOCH) {
            checkJoin(request);
        }
        checkSubscription(request);
        String assignor = request.serverAssignor();
        if (assignor != null && assignors.find(assignor).isEmpty()) {
            throw Errors.UNSUPPORTED_ASSIGNOR.exception(
                    "assignor " + assignor + " is not served here; there are " + String.join(", ", assignors.names()));
        }
    }

    private static void checkIds(ConsumerGroupHeartbeatRequestData request, short version) {
        checkId("GroupId", request.groupId(), false);
        boolean mayBeEmpty = version < MEMBER_CHOOSES_ID && request.memberEpoch() == ConsumerGroupMember.JOIN_EPOCH;
        checkId("MemberId", request.memberId(), mayBeEmpty);
        checkOptionalId("InstanceId", request.instanceId());
        checkOptionalId("RackId", request.rackId());
    }

    private static void checkOptionalId(String field, @Nullable String id) {
        if (id != null) {
            checkId(field, id, false);
        }
    }

    private static void checkId(String field, String id, boolean mayBeEmpty) {
        if (id.isEmpty() && !mayBeEmpty) {
            throw invalid(field + " must not be empty");
        }
        if (id.length() > GroupIds.LENGTH_MAX) {
            throw invalid(field + " has " + id.length() + " characters, more than " + GroupIds.LENGTH_MAX);
        }
    }

    private static void checkJoin(ConsumerGroupHeartbeatRequestData request) {
        if (request.rebalanceTimeoutMs() <= 0) {
            throw invalid("RebalanceTimeoutMs must be given, and above 0, by a member that joins");
        }
        if (request.topicPartitions() == null || !request.topicPartitions().isEmpty()) {
            throw invalid("TopicPartitions must be empty in a member that joins: it owns nothing");
        }
        boolean names = request.subscribedTopicNames() != null
                && !request.subscribedTopicNames().isEmpty();
        boolean regex = request.subscribedTopicRegex() != null
                && !request.subscribedTopicRegex().isEmpty();
        if (request.subscribedTopicNames() == null && !regex && !names) {
            throw invalid("SubscribedTopicNames or SubscribedTopicRegex must be given by a member that joins");
        }
    }

    private static void checkSubscription(ConsumerGroupHeartbeatRequestData request) {
        if (request.rebalanceTimeoutMs() == 0 || request.rebalanceTimeoutMs() < -1) {
            throw invalid("RebalanceTimeoutMs is " + request.rebalanceTimeoutMs() + ", not above 0");
        }
        List<String> names = request.subscribedTopicNames();
        if (names == null) {
            return;
        }
        long chars = names.stream().mapToLong(String::length).sum();
        if (names.size() > TOPIC_NAMES_MAX || chars > TOPIC_NAMES_CHARS_MAX) {
            throw invalid("SubscribedTopicNames has " + names.size() + " names of " + chars
                    + " characters in all; at most " + TOPIC_NAMES_MAX + " and " + TOPIC_NAMES_CHARS_MAX
                    + " are taken: subscribe by a pattern");
        }
        if (names.stream().anyMatch(String::isEmpty)) {
            throw invalid("SubscribedTopicNames has an empty name");
        }
    }

    private static RuntimeException invalid(String message) {
        return Errors.INVALID_REQUEST.exception(message);
    }
}
