package io.naru.cluster.control;

/**
 * A broker asks for producer ids to hand out.
 *
 * @param brokerId    the broker
 * @param brokerEpoch its epoch; a stale one is refused
 */
public record ProducerIdRequest(int brokerId, long brokerEpoch) {}
