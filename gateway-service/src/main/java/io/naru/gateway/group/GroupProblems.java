package io.naru.gateway.group;

import io.naru.gateway.cursor.Subscription;
import io.naru.gateway.http.KafkaProblems;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** What can happen to a member, told so that its client knows how to go on. */
final class GroupProblems {

    private static final String HOW_TO_GO_ON =
            ". What it had acknowledged is kept. To go on, poll without member, cursor and ack: that joins the group anew and reads on "
                    + "from what is committed";

    private GroupProblems() {}

    static Problem evicted(MemberKey key) {
        return gone("member " + key.memberId() + " is no longer in group " + key.group()
                + ": it left, or was silent for longer than its session timeout, and its partitions went to others");
    }

    static Problem lapsed(MemberKey key, long sessionTimeoutMs) {
        return gone("member " + key.memberId() + " was taken out of group " + key.group()
                + ": it had not polled or acknowledged for " + sessionTimeoutMs + " ms (session_timeout_ms)");
    }

    static Problem fenced(MemberKey key) {
        return gone("member " + key.memberId() + " of group " + key.group()
                + " is in use elsewhere: the group's coordinator refuses its epoch");
    }

    static Problem left(MemberKey key) {
        return gone("member " + key.memberId() + " has left group " + key.group());
    }

    static Problem notAssigned(List<TopicPartition> partitions) {
        return Problem.of(
                ProblemKind.ILLEGAL_STATE,
                partitions
                        + " cannot be sought in: not assigned to the member. What is assigned stands in /assignment");
    }

    static Problem moved(List<TopicPartition> partitions) {
        return Problem.of(
                ProblemKind.ILLEGAL_STATE,
                partitions
                        + " went to another member before the commit; what was read of them is read there again. Everything "
                        + "else is committed");
    }

    static Problem anothers(List<TopicPartition> partitions) {
        return Problem.of(
                ProblemKind.ILLEGAL_STATE,
                partitions
                        + " are another member's of the group, and only that one commits them. Everything else is committed");
    }

    static Problem movedAway(MemberKey key) {
        return Problem.passing(
                ProblemKind.NOT_AVAILABLE_NOW,
                "member " + key.memberId() + " of group " + key.group()
                        + " is moving between gateways; repeat the call");
    }

    static Problem silentCoordinator(MemberKey key) {
        return Problem.passing(
                ProblemKind.NOT_AVAILABLE_NOW,
                "the coordinator of group " + key.group()
                        + " has not answered, so the group was not joined; repeat the call. See /actuator/health of the "
                        + "coordinator-service");
    }

    private static Problem gone(String what) {
        return Problem.of(ProblemKind.MEMBER_GONE, what + HOW_TO_GO_ON);
    }

    static Problem refused(Errors error, @Nullable String message, Subscription subscription) {
        return switch (error) {
            case INVALID_REGULAR_EXPRESSION ->
                Problem.of(
                        ProblemKind.INVALID_FIELD,
                        "/pattern " + subscription.pattern()
                                + " is no regular expression that the group's coordinator takes (" + message + ")");
            case GROUP_MAX_SIZE_REACHED ->
                Problem.passing(ProblemKind.OVERLOADED, "the group has as many members as it may (" + message + ")");
            case INCONSISTENT_GROUP_PROTOCOL, GROUP_ID_NOT_FOUND ->
                Problem.of(
                        ProblemKind.ILLEGAL_STATE,
                        "the group has members of the classic group protocol, which this call cannot join; use another group, or let "
                                + "them leave first (" + error.name() + ")");
            default -> KafkaProblems.of(error, message);
        };
    }
}
