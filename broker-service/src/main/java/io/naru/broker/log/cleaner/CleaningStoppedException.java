package io.naru.broker.log.cleaner;

/** Cleaning of a log was given up half way, with no harm done; it begins again from where the last whole one ended. */
public final class CleaningStoppedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Says why. */
    public CleaningStoppedException(String message) {
        super(message);
    }
}
