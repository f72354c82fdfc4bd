package io.naru.protocol.client;

import org.jspecify.annotations.Nullable;

/** The request never left: no connection could be made, or the node does not know the API. Nothing was done; trying again is safe. */
public final class RequestNotSentException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** A request that was not sent. */
    public RequestNotSentException(String message) {
        super(message);
    }

    /** A request that was not sent, and why. */
    public RequestNotSentException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
