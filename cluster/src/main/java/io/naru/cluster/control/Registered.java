package io.naru.cluster.control;

/**
 * Answer to a registration.
 *
 * @param epoch        epoch to send with every heartbeat
 * @param clusterId    the cluster's id; a new broker writes it into {@code meta.properties}
 * @param imageVersion version of the image that first contains this registration
 */
public record Registered(long epoch, String clusterId, long imageVersion) {}
