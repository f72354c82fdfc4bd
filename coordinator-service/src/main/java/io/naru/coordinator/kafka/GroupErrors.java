package io.naru.coordinator.kafka;

import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where exceptions become error codes. */
final class GroupErrors {

    private static final Logger log = LoggerFactory.getLogger(GroupErrors.class);

    private GroupErrors() {}

    static Throwable unwrap(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }

    /** The code to answer. What nobody foresaw is logged here, once. */
    static Errors of(Throwable thrown) {
        Throwable cause = unwrap(thrown);
        if (cause instanceof ApiException) {
            return Errors.forException(cause);
        }
        log.atError().setCause(cause).log("A group request failed in a way nobody foresaw");
        return Errors.UNKNOWN_SERVER_ERROR;
    }

    static String message(Throwable thrown) {
        Throwable cause = unwrap(thrown);
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
