package io.naru.coordinator.shard;

import java.util.Optional;

/**
 * As whom an owner writes. All owners of a shard share a producer id, and a later owner has a later epoch: that is what makes a broker
 * refuse the earlier one. Ids are taken from the far end of the range, where the controller's blocks never come. Producer epochs have
 * 15 bits only, so after {@value #EPOCHS_PER_ERA} owners a new era begins under another id, and its owners write once under the last
 * epoch of the former era's id to fence off whoever is left of that.
 *
 * @param id    producer id
 * @param epoch producer epoch
 * @param shard the shard
 * @param era   how often the epochs have run out
 */
record ShardProducer(long id, short epoch, int shard, int era) {

    static final int EPOCHS_PER_ERA = Short.MAX_VALUE;

    /** More than a cluster has shards, so that no two eras of any shards share an id. */
    private static final long SHARDS_MAX = 1 << 20;

    static ShardProducer of(int shard, int ownershipEpoch) {
        int era = ownershipEpoch / EPOCHS_PER_ERA;
        return new ShardProducer(id(shard, era), (short) (ownershipEpoch % EPOCHS_PER_ERA), shard, era);
    }

    /** The epoch after all others of the former era, if there was one. */
    Optional<ShardProducer> endOfFormerEra() {
        return era == 0
                ? Optional.empty()
                : Optional.of(new ShardProducer(id(shard, era - 1), Short.MAX_VALUE, shard, era - 1));
    }

    private static long id(int shard, int era) {
        return Long.MAX_VALUE - shard - era * SHARDS_MAX;
    }
}
