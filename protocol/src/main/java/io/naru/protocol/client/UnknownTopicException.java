package io.naru.protocol.client;

/** The cluster has no such topic, or its name is not one a topic can have. */
public final class UnknownTopicException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final short errorCode;

    /**
     * A topic that cannot be found.
     *
     * @param errorCode 3 (unknown), 17 (invalid name) or another code of the Metadata API
     */
    public UnknownTopicException(String topic, short errorCode, String reason) {
        super("topic " + topic + ": " + reason);
        this.errorCode = errorCode;
    }

    /** Kafka error code. */
    public short errorCode() {
        return errorCode;
    }
}
