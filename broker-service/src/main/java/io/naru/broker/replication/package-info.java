/**
 * What brokers say to each other and to the controller about replicas. {@link io.naru.broker.replication.ReplicaFetchers} keeps one
 * {@link io.naru.broker.replication.ReplicaFetcher} for each broker that leads partitions followed here: Fetch, then append or truncate
 * through {@link io.naru.broker.partition.FollowerLog}. {@link io.naru.broker.replication.IsrChanges} carries what leaders want of their
 * in-sync replicas to the controller. No Spring, no Netty, no thread, no clock: all of that is a
 * {@link io.naru.broker.replication.ReplicationRuntime}.
 */
@NullMarked
package io.naru.broker.replication;

import org.jspecify.annotations.NullMarked;
