package io.naru.admin.lease;

/** This admin-service is not the active controller at the moment; another one may be, or this one may be soon. */
public final class NotActiveException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean outcomeUnknown;

    /** Not active, and why; nothing was changed. */
    public NotActiveException(String message) {
        this(message, false);
    }

    private NotActiveException(String message, boolean outcomeUnknown) {
        super(message, null, false, false);
        this.outcomeUnknown = outcomeUnknown;
    }

    /** Active no longer, and it is not known whether what was asked for was done. */
    static NotActiveException outcomeUnknown(String message) {
        return new NotActiveException(message, true);
    }

    /** Whether it is not known if what was asked for was done; else it was not. */
    public boolean isOutcomeUnknown() {
        return outcomeUnknown;
    }
}
