package io.naru.admin.metadata;

import io.naru.admin.controller.Change;
import io.naru.admin.controller.ControllerState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where one cluster's metadata lives, and the lease on being its controller. The lease is an epoch: whoever takes it makes the epoch
 * grow, and nothing can be committed under an older one. Its expiry, by the database's clock, only says when another may take it.
 */
public interface MetadataStore {

    /**
     * Takes the lease if it is free, expired, or {@code holder}'s own from an earlier life.
     *
     * @param holder   name of this admin-service; no two live ones may share it
     * @param duration how long the lease lasts unless renewed
     * @return the state of the cluster under the new epoch (of its image), or empty while another holds the lease
     */
    Optional<ControllerState> acquire(String holder, Duration duration);

    /** Makes the lease last {@code duration} from now; false when it is no longer {@code epoch}'s. */
    boolean renew(int epoch, Duration duration);

    /** Gives the lease back, if it is still {@code epoch}'s. */
    void release(int epoch);

    /**
     * Commits {@code changes}, all or none. Durable when this returns. After any exception but {@link LeaseLostException} it is not
     * known whether they were committed.
     *
     * @param next the state that they lead to
     * @throws LeaseLostException when the lease is no longer of the epoch of {@code next}; nothing was changed
     */
    void commit(List<Change> changes, ControllerState next);
}
