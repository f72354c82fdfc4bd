/**
 * The replicas this broker holds. {@link io.naru.broker.partition.PartitionTable} follows the cluster image;
 * {@link io.naru.broker.partition.Partition} checks leadership and epochs before a log is touched, counts what is committed
 * ({@link io.naru.broker.partition.Leadership}), and wakes those who wait. {@link io.naru.broker.partition.FollowerLog} is the other
 * side, for fetchers. No Spring, no Netty, no thread, no clock.
 */
@NullMarked
package io.naru.broker.partition;

import org.jspecify.annotations.NullMarked;
