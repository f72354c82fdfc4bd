package io.naru.coordinator.view;

/** The group is in no log. */
final class NoSuchGroupException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NoSuchGroupException(String message) {
        super(message);
    }
}
