package io.naru.coordinator.shard;

import io.naru.protocol.client.Lane;
import io.naru.protocol.client.NodeAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiMessage;

/** The partitions of {@code __consumer_offsets} on the brokers, and how time passes for whoever uses them. Thread-safe. */
public interface ShardPartitions {

    /**
     * The leader of a shard's partition.
     *
     * @param topicId id of {@code __consumer_offsets}
     * @param address where it listens
     */
    record Leader(Uuid topicId, NodeAddress address) {}

    /** Who leads a shard's partition, as far as is known; fails with a retriable exception when nobody is known to. */
    CompletableFuture<Leader> leader(int shard);

    /** What is known of leaders was wrong. */
    void forgetLeaders();

    /**
     * Sends a request to a broker; those of one lane are handled in order.
     *
     * @return fails with {@link io.naru.protocol.client.RequestNotSentException} or
     *     {@link io.naru.protocol.client.OutcomeUnknownException} when no answer comes
     */
    <R extends ApiMessage> CompletableFuture<R> send(
            NodeAddress node, Lane lane, ApiMessage request, Class<R> response);

    /** Runs what it is given after a while, on any thread. */
    Executor after(long delayMs);
}
