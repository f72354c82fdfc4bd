package io.naru.admin.metadata;

/** Another admin-service has become the controller. */
public final class LeaseLostException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The lease of {@code epoch} is gone. */
    public LeaseLostException(int epoch) {
        super("controller epoch " + epoch + " is over: another admin-service holds the lease");
    }
}
