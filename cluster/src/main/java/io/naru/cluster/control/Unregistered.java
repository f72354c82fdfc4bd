package io.naru.cluster.control;

/**
 * A broker is no longer registered.
 *
 * @param imageVersion version of the first image without it
 */
public record Unregistered(long imageVersion) {}
