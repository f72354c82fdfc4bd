package io.naru.coordinator.shard;

/** The fake keeps the contract of the real thing. */
class MemoryShardLogTest extends ShardLogContract {

    private final MemoryShardLog log = new MemoryShardLog();

    @Override
    ShardLog open(int epoch) {
        return log.open(epoch);
    }
}
