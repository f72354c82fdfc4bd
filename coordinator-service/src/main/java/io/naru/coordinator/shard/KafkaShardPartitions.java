package io.naru.coordinator.shard;

import io.naru.cluster.TopicImage;
import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.Lane;
import io.naru.protocol.client.MetadataCache;
import io.naru.protocol.client.NodeAddress;
import io.naru.protocol.client.TopicMetadata;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.protocol.ApiMessage;

/** The partitions of {@code __consumer_offsets} over sockets. */
public final class KafkaShardPartitions implements ShardPartitions {

    private final KafkaClient client;
    private final Supplier<Optional<MetadataCache>> metadata;

    /**
     * Partitions reached through {@code client}.
     *
     * @param metadata what is known of the brokers; empty as long as none is known
     */
    public KafkaShardPartitions(KafkaClient client, Supplier<Optional<MetadataCache>> metadata) {
        this.client = client;
        this.metadata = metadata;
    }

    @Override
    public CompletableFuture<Leader> leader(int shard) {
        MetadataCache known = metadata.get().orElse(null);
        if (known == null) {
            return CompletableFuture.failedFuture(new LeaderNotAvailableException("no broker is known yet"));
        }
        return known.topic(TopicImage.CONSUMER_OFFSETS).thenApply(topic -> {
            int leader = shard < topic.partitions().size()
                    ? topic.partitions().get(shard).leader()
                    : TopicMetadata.NO_LEADER;
            return known.node(leader)
                    .map(address -> new Leader(topic.topicId(), address))
                    .orElseThrow(() -> new LeaderNotAvailableException("shard " + shard + " has no leader"));
        });
    }

    @Override
    public void forgetLeaders() {
        metadata.get().ifPresent(known -> known.invalidate(TopicImage.CONSUMER_OFFSETS));
    }

    @Override
    public <R extends ApiMessage> CompletableFuture<R> send(
            NodeAddress node, Lane lane, ApiMessage request, Class<R> response) {
        return client.send(node, lane, request, 0, response);
    }

    @Override
    public Executor after(long delayMs) {
        return CompletableFuture.delayedExecutor(delayMs, TimeUnit.MILLISECONDS);
    }
}
