package io.naru.gateway.read;

import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.Lane;
import io.naru.protocol.client.MetadataCache;
import io.naru.protocol.client.NodeAddress;
import io.naru.protocol.client.TopicMetadata;
import io.naru.protocol.client.UnknownTopicException;
import io.netty.util.Timer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Fetches what partitions have right now, and asks for offsets. Finds leaders, and looks for them again when they moved. Thread-safe and
 * non-blocking; futures complete on event loops.
 */
public final class PartitionReads {

    /** Asks for the first offset of the log. */
    public static final long EARLIEST = -2;

    /** Asks for the offset behind the last record. */
    public static final long LATEST = -1;

    private static final long RETRY_MS = 50;

    private final KafkaClient client;
    private final MetadataCache metadata;
    private final Timer timer;
    private final ReadProperties properties;
    private final AtomicInteger nextLane = new AtomicInteger();

    /** Reads through a client that its owner closes. */
    public PartitionReads(KafkaClient client, MetadataCache metadata, Timer timer, ReadProperties properties) {
        this.client = client;
        this.metadata = metadata;
        this.timer = timer;
        this.properties = properties;
    }

    /** The topic; fails when there is none. Never creates one. */
    public CompletableFuture<TopicMetadata> topic(String name) {
        return metadata.topic(name);
    }

    /** One partition, leader changes waited for. The answer has an error that waiting does not mend, or none. */
    public CompletableFuture<Fetched> fetch(TopicPartition partition, long offset, int bytesMax, Isolation isolation) {
        long deadline = System.nanoTime() + properties.retryFor().toNanos();
        return fetchUntil(partition, offset, bytesMax, isolation, deadline);
    }

    private CompletableFuture<Fetched> fetchUntil(
            TopicPartition partition, long offset, int bytesMax, Isolation isolation, long deadline) {
        return fetch(Map.of(partition, offset), bytesMax, bytesMax, isolation)
                .thenApply(all -> {
                    Fetched one = all.get(partition);
                    return one == null ? Fetched.failed(Errors.UNKNOWN_SERVER_ERROR) : one;
                })
                .thenCompose(one -> passes(one.error()) && System.nanoTime() - deadline < 0
                        ? later(RETRY_MS).thenCompose(x -> fetchUntil(partition, offset, bytesMax, isolation, deadline))
                        : CompletableFuture.completedFuture(one));
    }

    /** Whether an error goes away by itself, by waiting and asking for the leader again. */
    public static boolean passes(Errors error) {
        return error != Errors.NONE
                && error != Errors.UNKNOWN_TOPIC_OR_PARTITION
                && error.exception() instanceof RetriableException;
    }

    /**
     * Several partitions, one request per leader. Answers once all brokers have; a partition whose leader is unknown or has moved has an
     * error that {@link #passes}, and its leader is looked for before the next call.
     *
     * @param offsets  where to read from
     * @param bytesMax of one broker's answer; the first partition with data always brings a batch, however large
     */
    public CompletableFuture<Map<TopicPartition, Fetched>> fetch(
            Map<TopicPartition, Long> offsets, int bytesMax, int partitionBytesMax, Isolation isolation) {
        return byLeader(offsets).thenCompose(leaders -> {
            Map<TopicPartition, Fetched> results = new HashMap<>(leaders.failed());
            List<CompletableFuture<Map<TopicPartition, Fetched>>> calls = new ArrayList<>();
            leaders.targets()
                    .forEach(
                            (node, targets) -> calls.add(fetch(node, targets, bytesMax, partitionBytesMax, isolation)));
            return CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
                    .thenApply(x -> {
                        calls.forEach(call -> results.putAll(call.join()));
                        results.forEach((partition, fetched) -> {
                            if (passes(fetched.error())) {
                                metadata.invalidate(partition.topic());
                            }
                        });
                        return results;
                    });
        });
    }

    private CompletableFuture<Map<TopicPartition, Fetched>> fetch(
            NodeAddress node,
            List<FetchCalls.Target> targets,
            int bytesMax,
            int partitionBytesMax,
            Isolation isolation) {
        Lane lane = new Lane("read", Math.floorMod(nextLane.getAndIncrement(), properties.connections()));
        return client.send(
                        node,
                        lane,
                        FetchCalls.request(targets, 0, bytesMax, partitionBytesMax, isolation),
                        0,
                        FetchResponseData.class)
                .handle((answer, error) ->
                        error == null ? FetchCalls.results(targets, answer, isolation) : unreachable(targets));
    }

    private static Map<TopicPartition, Fetched> unreachable(List<FetchCalls.Target> targets) {
        Map<TopicPartition, Fetched> results = new HashMap<>();
        targets.forEach(target -> results.put(target.partition(), Fetched.failed(Errors.NETWORK_EXCEPTION)));
        return results;
    }

    /** Partitions by their leader's address, and those that have none. */
    record Leaders(Map<NodeAddress, List<FetchCalls.Target>> targets, Map<TopicPartition, Fetched> failed) {}

    /** Finds the leaders of partitions. Fails only when the cluster cannot be asked. */
    CompletableFuture<Leaders> byLeader(Map<TopicPartition, Long> offsets) {
        Map<String, CompletableFuture<@Nullable TopicMetadata>> topics = new HashMap<>();
        offsets.keySet().forEach(partition -> topics.computeIfAbsent(partition.topic(), this::topicOrNull));
        return CompletableFuture.allOf(topics.values().toArray(CompletableFuture[]::new))
                .thenApply(x -> {
                    Leaders leaders = new Leaders(new HashMap<>(), new HashMap<>());
                    offsets.forEach(
                            (partition, offset) -> sort(partition, offset, topics.get(partition.topic()), leaders));
                    return leaders;
                });
    }

    private CompletableFuture<@Nullable TopicMetadata> topicOrNull(String name) {
        return metadata.topic(name).handle((topic, error) -> {
            Throwable cause = error == null || error.getCause() == null ? error : error.getCause();
            if (cause == null) {
                return topic;
            }
            if (cause instanceof UnknownTopicException) {
                return null;
            }
            throw cause instanceof RuntimeException e ? e : new IllegalStateException(cause);
        });
    }

    private void sort(
            TopicPartition partition,
            long offset,
            @Nullable CompletableFuture<@Nullable TopicMetadata> asked,
            Leaders leaders) {
        TopicMetadata topic = asked == null ? null : asked.join();
        if (topic == null || partition.partition() >= topic.partitions().size()) {
            leaders.failed().put(partition, Fetched.failed(Errors.UNKNOWN_TOPIC_OR_PARTITION));
            return;
        }
        int leader = topic.partitions().get(partition.partition()).leader();
        NodeAddress node = leader < 0 ? null : metadata.node(leader).orElse(null);
        if (node == null) {
            leaders.failed().put(partition, Fetched.failed(Errors.LEADER_NOT_AVAILABLE));
            metadata.invalidate(partition.topic());
            return;
        }
        leaders.targets()
                .computeIfAbsent(node, n -> new ArrayList<>())
                .add(new FetchCalls.Target(partition, topic.topicId(), offset));
    }

    /** A leader turned out to be wrong: the next call asks for it. */
    void forget(String topic) {
        metadata.invalidate(topic);
    }

    /**
     * Offsets by time: of the first record at or after it, −1 where there is none; {@link #EARLIEST} and {@link #LATEST} are times too.
     * Fails with the error of the first partition that has one which does not pass in time.
     */
    public CompletableFuture<Map<TopicPartition, Long>> offsets(Map<TopicPartition, Long> times, Isolation isolation) {
        long deadline = System.nanoTime() + properties.retryFor().toNanos();
        return offsets(times, isolation, deadline);
    }

    private CompletableFuture<Map<TopicPartition, Long>> offsets(
            Map<TopicPartition, Long> times, Isolation isolation, long deadline) {
        return byLeader(times).thenCompose(leaders -> {
            Map<TopicPartition, Long> found = new HashMap<>();
            Map<TopicPartition, Errors> failed = new HashMap<>();
            leaders.failed().forEach((partition, why) -> failed.put(partition, why.error()));
            List<CompletableFuture<Void>> calls = new ArrayList<>();
            leaders.targets()
                    .forEach((node, targets) ->
                            calls.add(client.send(node, listOffsets(targets, isolation), ListOffsetsResponseData.class)
                                    .handle((answer, error) -> {
                                        synchronized (found) {
                                            take(targets, error == null ? answer : null, found, failed);
                                        }
                                        return null;
                                    })));
            return CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
                    .thenCompose(x -> again(times, isolation, deadline, found, failed));
        });
    }

    private CompletableFuture<Map<TopicPartition, Long>> again(
            Map<TopicPartition, Long> times,
            Isolation isolation,
            long deadline,
            Map<TopicPartition, Long> found,
            Map<TopicPartition, Errors> failed) {
        if (failed.isEmpty()) {
            return CompletableFuture.completedFuture(found);
        }
        for (Errors error : failed.values()) {
            if (!passes(error) || System.nanoTime() - deadline > 0) {
                return CompletableFuture.failedFuture(error.exception());
            }
        }
        Map<TopicPartition, Long> rest = new HashMap<>(times);
        rest.keySet().retainAll(failed.keySet());
        rest.keySet().forEach(partition -> metadata.invalidate(partition.topic()));
        return later(RETRY_MS)
                .thenCompose(x -> offsets(rest, isolation, deadline))
                .thenApply(more -> {
                    found.putAll(more);
                    return found;
                });
    }

    private static ListOffsetsRequestData listOffsets(List<FetchCalls.Target> targets, Isolation isolation) {
        Map<String, ListOffsetsTopic> topics = new HashMap<>();
        for (FetchCalls.Target target : targets) {
            topics.computeIfAbsent(target.partition().topic(), name -> new ListOffsetsTopic().setName(name))
                    .partitions()
                    .add(new ListOffsetsPartition()
                            .setPartitionIndex(target.partition().partition())
                            .setCurrentLeaderEpoch(-1)
                            .setTimestamp(target.offset()));
        }
        return new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setIsolationLevel(isolation.code())
                .setTopics(new ArrayList<>(topics.values()));
    }

    private static void take(
            List<FetchCalls.Target> targets,
            @Nullable ListOffsetsResponseData answer,
            Map<TopicPartition, Long> found,
            Map<TopicPartition, Errors> failed) {
        targets.forEach(target -> failed.put(target.partition(), Errors.NETWORK_EXCEPTION));
        if (answer == null) {
            return;
        }
        answer.topics().forEach(topic -> {
            for (ListOffsetsPartitionResponse one : topic.partitions()) {
                TopicPartition partition = new TopicPartition(topic.name(), one.partitionIndex());
                Errors error = Errors.forCode(one.errorCode());
                if (error == Errors.NONE) {
                    failed.remove(partition);
                    found.put(partition, one.offset());
                } else {
                    failed.put(partition, error);
                }
            }
        });
    }

    private CompletableFuture<Void> later(long ms) {
        CompletableFuture<Void> due = new CompletableFuture<>();
        timer.newTimeout(t -> due.complete(null), ms, TimeUnit.MILLISECONDS);
        return due;
    }
}
