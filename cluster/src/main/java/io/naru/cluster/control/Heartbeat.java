package io.naru.cluster.control;

/**
 * Sign of life, every {@code naru.session.heartbeat-interval} (500 ms).
 *
 * @param epoch        as registered
 * @param imageVersion image the sender has applied
 * @param wantShutDown a broker that stops asks for its leaderships to be moved first
 */
public record Heartbeat(long epoch, long imageVersion, boolean wantShutDown) {}
