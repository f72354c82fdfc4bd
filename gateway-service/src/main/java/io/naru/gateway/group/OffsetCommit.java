package io.naru.gateway.group;

/**
 * What is committed of a partition.
 *
 * @param offset   of the next record
 * @param metadata the client's own words
 */
public record OffsetCommit(long offset, String metadata) {

    static OffsetCommit of(long offset) {
        return new OffsetCommit(offset, "");
    }
}
