package io.naru.broker.partition;

/**
 * A broker that fetches as a follower.
 *
 * @param brokerId    node id
 * @param brokerEpoch registration in whose name it fetches
 */
public record FollowerId(int brokerId, long brokerEpoch) {}
