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
            case TOPIC_AUTHORIZATION_FAILED, CLUSTER_AUTHORIZATION_FAILED ->
                new KafkaError(HttpStatus.FORBIDDEN, 40301);
            case TOPIC_ALREADY_EXISTS,
                    INVALID_TOPIC_EXCEPTION,
                    INVALID_PARTITIONS,
                    INVALID_REPLICATION_FACTOR,
                    INVALID_REPLICA_ASSIGNMENT,
                    INVALID_CONFIG,
                    INVALID_REQUEST,
                    POLICY_VIOLATION -> new KafkaError(HttpStatus.BAD_REQUEST, 40002);
            default -> new KafkaError(HttpStatus.INTERNAL_SERVER_ERROR, 50002);
        };
    }
}
