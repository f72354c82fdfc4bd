package io.naru.cluster.control;

/**
 * Body of every failed control-plane call.
 *
 * @param errorCode Kafka error code where one fits, else −1
 * @param message   what is wrong, for people
 */
public record ControlPlaneError(short errorCode, String message) {}
