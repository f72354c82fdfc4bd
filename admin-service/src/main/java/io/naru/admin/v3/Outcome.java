package io.naru.admin.v3;

import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What became of one member of a batch.
 *
 * @param errorCode 200, or the code of an error
 * @param message   what is wrong, or null
 */
public record Outcome(int errorCode, @Nullable String message) {

    /** The code of success. */
    public static final int DONE = 200;

    /** The outcome that Kafka names {@code error}. */
    public static Outcome of(Errors error, @Nullable String message) {
        return error == Errors.NONE
                ? new Outcome(DONE, null)
                : new Outcome(KafkaError.of(error).errorCode(), message == null ? error.message() : message);
    }

    /** The outcome of a failure that Kafka's client reported. */
    public static Outcome of(Throwable failure) {
        return of(Errors.forException(failure), failure.getMessage());
    }
}
