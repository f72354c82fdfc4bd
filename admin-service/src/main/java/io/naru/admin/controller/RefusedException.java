package io.naru.admin.controller;

import org.apache.kafka.common.protocol.Errors;

/** The controller will not do what it was asked; nothing has changed. */
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Errors error;

    /**
     * A refusal.
     *
     * @param error   Kafka's error for it
     * @param message what is wrong and, where there is something, what to do about it
     */
    public RefusedException(Errors error, String message) {
        super(message, null, false, false);
        this.error = error;
    }

    /** Kafka's error. */
    public Errors error() {
        return error;
    }
}
