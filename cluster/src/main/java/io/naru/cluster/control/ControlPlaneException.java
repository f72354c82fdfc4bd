package io.naru.cluster.control;

/** The controller answered, and refused. */
public final class ControlPlaneException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final short errorCode;

    /**
     * A refused call.
     *
     * @param status HTTP status
     * @param error  body of the answer
     */
    public ControlPlaneException(int status, ControlPlaneError error) {
        super(error.message());
        this.status = status;
        this.errorCode = error.errorCode();
    }

    /** HTTP status of the answer. */
    public int status() {
        return status;
    }

    /** Kafka error code, or −1. */
    public short errorCode() {
        return errorCode;
    }
}
