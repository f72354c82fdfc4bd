package io.naru.cluster.control;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answer to a registration.
 *
 * @param epoch        epoch to send with every heartbeat
 * @param clusterId    the cluster's id; a new broker writes it into {@code meta.properties}
 * @param imageVersion version of the image that first contains this registration
 * @param configs      broker configs that are the controller's, by Kafka's names, as far as they are not at their defaults; null is empty
 */
public record Registered(
        long epoch,
        String clusterId,
        long imageVersion,
        @Nullable Map<String, String> configs) {

    /** A registration with a controller whose configs are at their defaults. */
    public Registered(long epoch, String clusterId, long imageVersion) {
        this(epoch, clusterId, imageVersion, Map.of());
    }

    @Override
    public Map<String, String> configs() {
        return configs == null ? Map.of() : configs;
    }
}
