package io.naru.broker.kafka;

import io.naru.cluster.control.ControlPlaneException;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where exceptions become Kafka error codes. */
final class KafkaErrors {

    private static final Logger log = LoggerFactory.getLogger(KafkaErrors.class);

    private KafkaErrors() {}

    /**
     * The error to answer. What is nobody's mistake but ours is logged here, once.
     *
     * <ul>
     *   <li>an exception of kafka-clients: its own code
     *   <li>an {@link IOException} of the disk: 56, KAFKA_STORAGE_ERROR
     *   <li>a refusal by the controller: the code it gave
     *   <li>the controller cannot be reached: 7, REQUEST_TIMED_OUT, which clients try again
     * </ul>
     */
    static Errors of(Throwable thrown) {
        Throwable cause = unwrap(thrown);
        if (cause instanceof ApiException) {
            return Errors.forException(cause);
        }
        if (cause instanceof ControlPlaneException refused) {
            return refused.errorCode() > 0 ? Errors.forCode(refused.errorCode()) : Errors.COORDINATOR_NOT_AVAILABLE;
        }
        if (cause instanceof IOException) {
            log.atError().setCause(cause).log("Disk error; the request is refused");
            return Errors.KAFKA_STORAGE_ERROR;
        }
        log.atError().setCause(cause).log("A request failed in a way nobody foresaw");
        return Errors.UNKNOWN_SERVER_ERROR;
    }

    /** The error to answer for a call that went to the controller. */
    static Errors ofControlPlane(Throwable thrown) {
        Throwable cause = unwrap(thrown);
        return cause instanceof IOException ? Errors.REQUEST_TIMED_OUT : of(cause);
    }

    /** What to tell the client in words. */
    static String message(Throwable thrown) {
        Throwable cause = unwrap(thrown);
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    private static Throwable unwrap(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }
}
