package io.naru.coordinator.view;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How far a group is behind in one partition.
 *
 * @param lag        records not read yet; null when the partition's leader could not be asked
 * @param lagSeconds age of the oldest of them; null when it is not known
 */
@Schema(description = "How far a group is behind in one partition.")
record PartitionLag(
        String topic,
        int partition,
        long committedOffset,

        @Schema(description = "Where the log ends; null when its leader could not be asked.") @Nullable
        Long endOffset,

        @Schema(description = "Records not read yet; null when the leader could not be asked.") @Nullable
        Long lag,

        @Schema(description = "Age of the oldest of them, 0 when there is none; null when it is not known.") @Nullable
        Double lagSeconds,

        @Schema(description = "Who reads the partition at present; null for nobody.") @Nullable
        String memberId) {}
