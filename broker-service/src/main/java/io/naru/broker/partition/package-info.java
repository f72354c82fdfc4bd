/**
 * The partitions this broker holds, and whether it leads them. {@link io.naru.broker.partition.PartitionTable} follows the cluster
 * image; {@link io.naru.broker.partition.Partition} checks leadership and epochs before a log is touched, and wakes those who wait for
 * its next records. No Spring, no Netty, no clock.
 */
@NullMarked
package io.naru.broker.partition;

import org.jspecify.annotations.NullMarked;
