package io.naru.broker.lifecycle;

import io.naru.broker.partition.IsrListener;
import io.naru.broker.partition.PartitionTable;
import io.naru.broker.replication.FetchSettings;
import io.naru.broker.replication.IsrChanges;
import io.naru.broker.replication.ReplicaFetchers;
import io.naru.broker.replication.ReplicaRepairs;
import io.naru.broker.replication.ReplicationRuntime;
import io.naru.cluster.Endpoint;
import io.naru.cluster.control.AlterPartitions;
import io.naru.cluster.control.AlteredPartitions;
import io.naru.cluster.control.ControlPlaneClient;
import io.naru.protocol.client.ClientOptions;
import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.Lane;
import io.naru.protocol.client.NodeAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;

/** Replication in the real world: its threads, its connections to other brokers and to the controller. */
final class BrokerReplication implements ReplicationRuntime, AutoCloseable {

    private static final Lane LANE = new Lane("replica-fetch", 0);
    private static final int CONNECT_MS_MAX = 2_000;
    private static final long ANSWER_MS_MAX = 10_000;

    private final ControlPlaneClient controlPlane;
    private final LongSupplier brokerEpoch;
    private final Clock clock;
    private final KafkaClient client;
    private final ScheduledThreadPoolExecutor threads;
    private final IsrChanges isrChanges;

    /** @param brokerEpoch this broker's registration, −1 while it has none */
    BrokerReplication(int brokerId, ControlPlaneClient controlPlane, LongSupplier brokerEpoch, Clock clock) {
        this.controlPlane = controlPlane;
        this.brokerEpoch = brokerEpoch;
        this.clock = clock;
        this.client = new KafkaClient(
                new ClientOptions(
                        "naru-broker-" + brokerId,
                        CONNECT_MS_MAX,
                        ANSWER_MS_MAX,
                        ClientOptions.named("").responseBytesMax()),
                1);
        int size = Math.max(2, Math.min(8, Runtime.getRuntime().availableProcessors()));
        this.threads = new ScheduledThreadPoolExecutor(size, new DefaultThreadFactory("replica", true));
        threads.setRemoveOnCancelPolicy(true);
        this.isrChanges = new IsrChanges(brokerId, this);
    }

    /** Carries what leaders want to the controller. */
    IsrListener isrListener() {
        return isrChanges;
    }

    ReplicaFetchers fetchers(FetchSettings settings, PartitionTable partitions) {
        return new ReplicaFetchers(settings, partitions, this);
    }

    ReplicaRepairs repairs(int brokerId, PartitionTable partitions, Consumer<TopicPartition> lookAgain) {
        return new ReplicaRepairs(brokerId, partitions, this, lookAgain);
    }

    @Override
    public long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    public long wallClockMs() {
        return clock.millis();
    }

    @Override
    public void later(long delayMs, Runnable task) {
        try {
            threads.schedule(task, delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException stopped) {
            // The broker stops: nothing is to be done any more.
            return;
        }
    }

    @Override
    public long brokerEpoch() {
        return brokerEpoch.getAsLong();
    }

    @Override
    public CompletableFuture<FetchResponseData> fetch(Endpoint leader, FetchRequestData request) {
        return client.send(address(leader), LANE, request, request.maxWaitMs(), FetchResponseData.class);
    }

    @Override
    public void disconnect(Endpoint leader) {
        client.close(address(leader), LANE);
    }

    private static NodeAddress address(Endpoint leader) {
        return new NodeAddress(leader.host(), leader.port());
    }

    @Override
    public CompletableFuture<AlteredPartitions> alterPartitions(AlterPartitions request) {
        return controlPlane.alterPartitions(request);
    }

    /** Stops the threads, whatever they have left to do, after what they are at. */
    @Override
    public void close() {
        client.close();
        threads.getQueue().clear();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
