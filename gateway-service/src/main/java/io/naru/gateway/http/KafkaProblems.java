package io.naru.gateway.http;

import io.naru.protocol.client.OutcomeUnknownException;
import io.naru.protocol.client.RequestNotSentException;
import io.naru.protocol.client.UnknownTopicException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** The one place where an error of the Kafka protocol becomes an HTTP answer. */
public final class KafkaProblems {

    private KafkaProblems() {}

    /** What a failed call to the cluster means. */
    public static Problem of(Throwable error) {
        if (error instanceof ProblemException known) {
            return known.problem();
        }
        if (error instanceof UnknownTopicException unknown) {
            return of(Errors.forCode(unknown.errorCode()), unknown.getMessage());
        }
        if (error instanceof RequestNotSentException) {
            return Problem.passing(
                    ProblemKind.NO_BROKER,
                    "no broker can be reached (" + error.getMessage()
                            + "). Check that the brokers run and that naru.gateway.bootstrap names one; then retry");
        }
        if (error instanceof OutcomeUnknownException) {
            return Problem.passing(
                    ProblemKind.NO_BROKER, "the broker did not answer (" + error.getMessage() + "). Retry");
        }
        if (error instanceof ApiException kafka) {
            return of(Errors.forException(kafka), kafka.getMessage());
        }
        return Problem.of(ProblemKind.INTERNAL, "the gateway failed; its log says how");
    }

    /**
     * What an error code of the protocol means.
     *
     * @param message what the broker said beside it, if anything
     */
    public static Problem of(Errors error, @Nullable String message) {
        String said = error.name() + (message == null || message.isBlank() ? "" : ": " + message);
        return switch (error) {
            case UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID, INCONSISTENT_TOPIC_ID ->
                Problem.of(
                        ProblemKind.NO_SUCH_TOPIC,
                        "there is no such topic (" + said
                                + "). Check its name, or create it with PUT /v1/topics/{name}");
            case INVALID_TOPIC_EXCEPTION ->
                Problem.of(
                        ProblemKind.INVALID_TOPIC_NAME,
                        message != null && !message.isBlank()
                                ? message
                                : "a topic's name has 1 to 249 of the characters a-z, A-Z, 0-9, '.', '_' and '-', and is not '.' or '..'");
            case MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE ->
                Problem.of(
                        ProblemKind.RECORD_TOO_LARGE,
                        "the record is larger than the topic takes; send less, or raise the topic's max.message.bytes");
            case LEADER_NOT_AVAILABLE,
                    NOT_LEADER_OR_FOLLOWER,
                    FENCED_LEADER_EPOCH,
                    UNKNOWN_LEADER_EPOCH,
                    REPLICA_NOT_AVAILABLE,
                    OFFSET_NOT_AVAILABLE,
                    KAFKA_STORAGE_ERROR,
                    ELIGIBLE_LEADERS_NOT_AVAILABLE,
                    UNSTABLE_OFFSET_COMMIT ->
                Problem.passing(
                        ProblemKind.NOT_AVAILABLE_NOW,
                        "the partition has no leader right now (" + said
                                + "). One is elected when enough of its replicas run; retry");
            case NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS_AFTER_APPEND ->
                Problem.passing(
                        ProblemKind.NOT_AVAILABLE_NOW,
                        "fewer replicas are in sync than the topic's min.insync.replicas asks for (" + said
                                + "). Bring the missing brokers back, or write with acks=1");
            case COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS, NOT_COORDINATOR ->
                Problem.passing(
                        ProblemKind.NOT_AVAILABLE_NOW,
                        "the group's coordinator is moving or loading (" + said + "). Retry");
            case REQUEST_TIMED_OUT, NETWORK_EXCEPTION ->
                Problem.passing(
                        ProblemKind.NOT_AVAILABLE_NOW, "the broker did not finish in time (" + said + "). Retry");
            case BROKER_NOT_AVAILABLE, NOT_CONTROLLER ->
                Problem.passing(ProblemKind.NO_BROKER, "no broker can take this right now (" + said + "). Retry");
            case THROTTLING_QUOTA_EXCEEDED ->
                Problem.passing(ProblemKind.THROTTLED, "the cluster's quota is used up (" + said + "). Retry later");
            case TOPIC_AUTHORIZATION_FAILED,
                    GROUP_AUTHORIZATION_FAILED,
                    CLUSTER_AUTHORIZATION_FAILED,
                    TRANSACTIONAL_ID_AUTHORIZATION_FAILED ->
                Problem.of(ProblemKind.FORBIDDEN, "the cluster does not allow the gateway this (" + said + ")");
            case SASL_AUTHENTICATION_FAILED ->
                Problem.of(
                        ProblemKind.NOT_AUTHENTICATED,
                        "the cluster does not accept the gateway's credentials (" + said + ")");
            case TOPIC_ALREADY_EXISTS -> Problem.of(ProblemKind.EXISTS, said);
            case INVALID_PARTITIONS, INVALID_REPLICATION_FACTOR, INVALID_CONFIG, POLICY_VIOLATION ->
                Problem.of(ProblemKind.INVALID_CONFIG, said);
            case GROUP_ID_NOT_FOUND -> Problem.of(ProblemKind.NO_SUCH_GROUP, said);
            case UNKNOWN_MEMBER_ID -> Problem.of(ProblemKind.NO_SUCH_MEMBER, said);
            case UNKNOWN_SERVER_ERROR, CORRUPT_MESSAGE ->
                Problem.passing(ProblemKind.KAFKA_ERROR, "the broker failed (" + said + "); its log says how");
            case UNSUPPORTED_VERSION ->
                Problem.of(ProblemKind.NOT_IMPLEMENTED, "the cluster does not know this call (" + said + ")");
            default -> Problem.of(ProblemKind.REFUSED, said);
        };
    }
}
