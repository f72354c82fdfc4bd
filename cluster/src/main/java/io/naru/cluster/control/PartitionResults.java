package io.naru.cluster.control;

import java.util.List;

/**
 * One result per partition asked for.
 *
 * @param results      what became of each
 * @param imageVersion version of the first image that shows the changes; a relay waits for it before it answers its own client
 */
public record PartitionResults(List<PartitionResult> results, long imageVersion) {

    /** Copies the list. */
    public PartitionResults {
        results = List.copyOf(results);
    }
}
