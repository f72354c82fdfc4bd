package io.naru.admin.metadata;

import io.naru.cluster.ShardImage;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;

/** Who coordinates the groups of one {@code __consumer_offsets} partition. */
@Entity
@Table(name = "shards")
class ShardRow {

    @EmbeddedId
    ShardKey key = new ShardKey("", -1);

    int coordinatorId;
    int epoch;

    protected ShardRow() {}

    ShardRow(String clusterPath, ShardImage shard) {
        this.key = new ShardKey(clusterPath, shard.shard());
        set(shard);
    }

    final void set(ShardImage shard) {
        coordinatorId = shard.coordinatorId();
        epoch = shard.epoch();
    }

    ShardImage image() {
        return new ShardImage(key.shard(), coordinatorId, epoch);
    }
}
