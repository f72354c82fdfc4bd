package io.naru.cluster.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Elects leaders (KIP-460). Answered with {@link PartitionResults}: 3 no such partition; 84 the election is not needed; 80 the preferred
 * leader is not in sync and alive; 83 no replica is alive.
 *
 * @param unclean    false: the preferred replica, if it is in sync. True: where there is no leader any live replica, which loses what it
 *                   does not have
 * @param partitions which; null for all, and then those that need no election are left out of the answer
 */
public record ElectLeaders(boolean unclean, @Nullable List<PartitionName> partitions) {}
