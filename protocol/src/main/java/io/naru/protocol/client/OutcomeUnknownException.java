package io.naru.protocol.client;

/** The request was sent and no answer came: it may or may not have taken effect. */
public final class OutcomeUnknownException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** A request whose fate is unknown. */
    public OutcomeUnknownException(String message) {
        super(message);
    }
}
