package io.naru.gateway.consumer;

/** A refusal with the number that this API has for it. */
final class ConsumerException extends RuntimeException {

    /** No such instance. */
    static final int NO_INSTANCE = 40403;

    /** Its records have another form. */
    static final int FORMAT_MISMATCH = 40601;

    /** The name is taken. */
    static final int EXISTS = 40902;

    /** Not in this state. */
    static final int ILLEGAL_STATE = 40903;

    /** An instance cannot be like this. */
    static final int INVALID_CONFIG = 42204;

    /** A setting is out of its range; answered with 422. */
    static final int OUT_OF_RANGE = 40001;

    /** An unreadable request. */
    static final int BAD_REQUEST = 400;

    /** Fields that are wrong. */
    static final int INVALID = 422;

    /** A partition that is not the member's, in Strimzi's words. */
    static final int NOT_FOUND = 404;

    private static final long serialVersionUID = 1L;

    private final int code;

    ConsumerException(int code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    int code() {
        return code;
    }

    int status() {
        return code == OUT_OF_RANGE ? INVALID : code < 1_000 ? code : code / 100;
    }

    static ConsumerException noInstance(ConsumerKey key) {
        return new ConsumerException(
                NO_INSTANCE,
                "Consumer instance not found: " + key.name() + " of group " + key.group()
                        + "; it was never created, was deleted, or was not used for too long");
    }

    static ConsumerException notSubscribed() {
        return new ConsumerException(
                ILLEGAL_STATE, "Consumer is not subscribed to any topics or assigned any partitions");
    }

    static ConsumerException unanswered() {
        return new ConsumerException(
                ILLEGAL_STATE,
                "nothing was committed: the gateway that served the last read is gone, and nobody knows whether its answer arrived."
                        + " The next read brings those records again");
    }

    static ConsumerException exclusive() {
        return new ConsumerException(
                ILLEGAL_STATE,
                "Illegal state: subscription to topics, to a pattern, and assignment of partitions exclude each other;"
                        + " DELETE the subscription first");
    }
}
