package io.naru.coordinator.shard;

/** Another owner has written to the shard under a later epoch. */
final class ShardFencedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ShardFencedException(int shard, int epoch, String reason) {
        super("shard " + shard + " under epoch " + epoch + " is fenced: " + reason);
    }
}
