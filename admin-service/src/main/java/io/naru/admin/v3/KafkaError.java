package io.naru.admin.v3;

import org.apache.kafka.common.protocol.Errors;
import org.springframework.http.HttpStatus;

/**
 * What a Kafka error is in REST v3.
 *
 * @param status    HTTP status
 * @param errorCode code in the body
 */
record KafkaError(HttpStatus status, int errorCode) {

    /** The one place where Kafka's errors become HTTP answers. */
    static KafkaError of(Errors error) {
        return switch (error) {
            case UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID -> new KafkaError(HttpStatus.NOT_FOUND, 40403);
            case GROUP_ID_NOT_FOUND -> new KafkaError(HttpStatus.NOT_FOUND, 40405);
            case BROKER_ID_NOT_REGISTERED, UNKNOWN_MEMBER_ID -> new KafkaError(HttpStatus.NOT_FOUND, 404);
            case TOPIC_AUTHORIZATION_FAILED, CLUSTER_AUTHORIZATION_FAILED, GROUP_AUTHORIZATION_FAILED ->
                new KafkaError(HttpStatus.FORBIDDEN, 40301);
            case SASL_AUTHENTICATION_FAILED -> new KafkaError(HttpStatus.UNAUTHORIZED, 40101);
            case INVALID_UPDATE_VERSION -> new KafkaError(HttpStatus.PRECONDITION_FAILED, 412);
            case BROKER_NOT_AVAILABLE,
                    LEADER_NOT_AVAILABLE,
                    NOT_LEADER_OR_FOLLOWER,
                    REPLICA_NOT_AVAILABLE,
                    COORDINATOR_NOT_AVAILABLE,
                    COORDINATOR_LOAD_IN_PROGRESS,
                    NOT_COORDINATOR,
                    PREFERRED_LEADER_NOT_AVAILABLE,
                    ELIGIBLE_LEADERS_NOT_AVAILABLE,
                    NETWORK_EXCEPTION -> new KafkaError(HttpStatus.SERVICE_UNAVAILABLE, 50302);
            case REQUEST_TIMED_OUT -> new KafkaError(HttpStatus.INTERNAL_SERVER_ERROR, 50003);
            case THROTTLING_QUOTA_EXCEEDED -> new KafkaError(HttpStatus.TOO_MANY_REQUESTS, 42901);
            case TOPIC_ALREADY_EXISTS,
                    INVALID_TOPIC_EXCEPTION,
                    INVALID_PARTITIONS,
                    INVALID_REPLICATION_FACTOR,
                    INVALID_REPLICA_ASSIGNMENT,
                    INVALID_CONFIG,
                    INVALID_REQUEST,
                    INVALID_GROUP_ID,
                    INVALID_TIMESTAMP,
                    NON_EMPTY_GROUP,
                    GROUP_SUBSCRIBED_TO_TOPIC,
                    OFFSET_OUT_OF_RANGE,
                    ELECTION_NOT_NEEDED,
                    NO_REASSIGNMENT_IN_PROGRESS,
                    SECURITY_DISABLED,
                    UNSUPPORTED_VERSION,
                    POLICY_VIOLATION -> new KafkaError(HttpStatus.BAD_REQUEST, 40002);
            default -> new KafkaError(HttpStatus.INTERNAL_SERVER_ERROR, 50002);
        };
    }
}
