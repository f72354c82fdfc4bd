package io.naru.admin.lease;

/** This admin-service is not the active controller at the moment; another one may be, or this one may be soon. */
public final class NotActiveException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Not active, and why. */
    public NotActiveException(String message) {
        super(message, null, false, false);
    }
}
