package io.naru.coordinator.view;

/** A query parameter that is out of its range. */
final class BadParameterException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BadParameterException(String message) {
        super(message);
    }
}
