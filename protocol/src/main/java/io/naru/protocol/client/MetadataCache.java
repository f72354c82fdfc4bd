package io.naru.protocol.client;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Topics, leaders and nodes of a cluster, asked for when first needed and kept until they are too old or someone found them wrong.
 * Thread-safe and non-blocking; several callers that miss the same topic share one request.
 */
public final class MetadataCache {

    private static final int ATTEMPTS_MAX = 8;

    private final KafkaClient client;
    private final List<NodeAddress> bootstrap;
    private final long maxAgeNanos;
    private final AtomicInteger nextBootstrap = new AtomicInteger();
    private final Map<String, Entry> topics = new ConcurrentHashMap<>();
    private volatile Map<Integer, NodeAddress> nodes = Map.of();
    private volatile @Nullable String clusterId;
    private volatile int controllerId = -1;

    private record Entry(CompletableFuture<TopicMetadata> topic, long askedNanos) {}

    /**
     * An empty cache.
     *
     * @param bootstrap nodes to ask first, at least one
     * @param maxAgeMs  how long an answer is believed
     */
    public MetadataCache(KafkaClient client, List<NodeAddress> bootstrap, long maxAgeMs) {
        if (bootstrap.isEmpty()) {
            throw new IllegalArgumentException("no bootstrap address");
        }
        this.client = client;
        this.bootstrap = List.copyOf(bootstrap);
        this.maxAgeNanos = TimeUnit.MILLISECONDS.toNanos(maxAgeMs);
    }

    /**
     * The topic, with a leader for every partition that has one. Fails with {@link UnknownTopicException}, or with
     * {@link RequestNotSentException}/{@link OutcomeUnknownException} when no node could be asked.
     */
    public CompletableFuture<TopicMetadata> topic(String name) {
        long now = System.nanoTime();
        Entry known = topics.get(name);
        if (known != null && fresh(known, now)) {
            return known.topic();
        }
        CompletableFuture<TopicMetadata> asked = topics.compute(
                        name, (n, entry) -> entry != null && fresh(entry, now) ? entry : ask(n, now))
                .topic();
        // Names that do not exist are not kept: anyone can make up any number of them.
        return asked.whenComplete((topic, error) -> {
            if (error != null) {
                topics.computeIfPresent(name, (n, entry) -> entry.topic() == asked ? null : entry);
            }
        });
    }

    /** Every topic the cluster has, asked anew each time. */
    public CompletableFuture<List<TopicMetadata>> allTopics() {
        return request(null, false, 0)
                .thenApply(answer -> answer.topics().stream()
                        .filter(t -> t.errorCode() == Errors.NONE.code()
                                || t.errorCode() == Errors.LEADER_NOT_AVAILABLE.code())
                        .map(MetadataCache::toTopic)
                        .toList());
    }

    /** Asks for a topic with leave to create it where the cluster does so ({@code auto.create.topics.enable}). */
    public CompletableFuture<TopicMetadata> topicOrCreate(String name) {
        return topic(name).exceptionallyCompose(error -> {
            topics.remove(name);
            return createAndFind(name, 0);
        });
    }

    /** Forgets what is known of a topic because it proved wrong; the next call asks. */
    public void invalidate(String topic) {
        topics.remove(topic);
    }

    /** Address of a node, if it has been heard of. */
    public Optional<NodeAddress> node(int nodeId) {
        return Optional.ofNullable(nodes.get(nodeId));
    }

    /** Nodes heard of, or the bootstrap addresses before the first answer. */
    public Collection<NodeAddress> nodes() {
        Map<Integer, NodeAddress> known = nodes;
        return known.isEmpty() ? bootstrap : known.values();
    }

    /** The cluster's id once a node has told it. */
    public Optional<String> clusterId() {
        return Optional.ofNullable(clusterId);
    }

    /** A node for calls that any node answers; it changes from call to call so that a dead one is not asked twice in a row. */
    public NodeAddress anyNode() {
        List<NodeAddress> all = new ArrayList<>(nodes());
        return all.get(Math.floorMod(nextBootstrap.getAndIncrement(), all.size()));
    }

    /** The node that takes admin calls, or any node when none is named. */
    public NodeAddress controller() {
        NodeAddress named = nodes.get(controllerId);
        return named != null ? named : anyNode();
    }

    private boolean fresh(Entry entry, long now) {
        return !entry.topic().isCompletedExceptionally() && now - entry.askedNanos() < maxAgeNanos;
    }

    private Entry ask(String name, long now) {
        return new Entry(find(name, false, 0), now);
    }

    private CompletableFuture<TopicMetadata> createAndFind(String name, int attempt) {
        return find(name, true, attempt).exceptionallyCompose(error -> {
            Throwable cause = error.getCause() == null ? error : error.getCause();
            boolean beingCreated = cause instanceof UnknownTopicException unknown
                    && Errors.forCode(unknown.errorCode()).exception() instanceof RetriableException
                    && unknown.errorCode() != Errors.UNKNOWN_TOPIC_OR_PARTITION.code();
            return beingCreated && attempt < ATTEMPTS_MAX
                    ? later(() -> createAndFind(name, attempt + 1))
                    : CompletableFuture.failedFuture(cause);
        });
    }

    private CompletableFuture<TopicMetadata> find(String name, boolean mayCreate, int attempt) {
        return request(List.of(name), mayCreate, attempt).thenApply(answer -> {
            MetadataResponseTopic topic = answer.topics().find(name);
            if (topic == null) {
                throw new UnknownTopicException(name, Errors.UNKNOWN_TOPIC_OR_PARTITION.code(), "not in the answer");
            }
            Errors error = Errors.forCode(topic.errorCode());
            if (error != Errors.NONE
                    && (error != Errors.LEADER_NOT_AVAILABLE
                            || topic.partitions().isEmpty())) {
                throw new UnknownTopicException(name, error.code(), error.message());
            }
            return toTopic(topic);
        });
    }

    private CompletableFuture<MetadataResponseData> request(
            @Nullable List<String> names, boolean mayCreate, int attempt) {
        MetadataRequestData request = new MetadataRequestData()
                .setAllowAutoTopicCreation(mayCreate)
                .setTopics(
                        names == null
                                ? null
                                : names.stream()
                                        .map(n -> new MetadataRequestTopic().setName(n))
                                        .toList());
        // Asking the bootstrap addresses now and then, too, finds a cluster whose nodes have all moved.
        NodeAddress node = attempt % 2 == 0
                ? anyNode()
                : bootstrap.get(Math.floorMod(nextBootstrap.getAndIncrement(), bootstrap.size()));
        return client.send(node, request, MetadataResponseData.class)
                .thenApply(this::remember)
                .exceptionallyCompose(error -> attempt < ATTEMPTS_MAX
                        ? later(() -> request(names, mayCreate, attempt + 1))
                        : CompletableFuture.failedFuture(error.getCause() == null ? error : error.getCause()));
    }

    private static <T> CompletableFuture<T> later(java.util.function.Supplier<CompletableFuture<T>> call) {
        return CompletableFuture.supplyAsync(call, CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS))
                .thenCompose(f -> f);
    }

    private MetadataResponseData remember(MetadataResponseData answer) {
        Map<Integer, NodeAddress> heard = new HashMap<>();
        answer.brokers().forEach(b -> heard.put(b.nodeId(), new NodeAddress(b.host(), b.port())));
        if (!heard.isEmpty()) {
            nodes = Map.copyOf(heard);
        }
        clusterId = answer.clusterId();
        controllerId = answer.controllerId();
        return answer;
    }

    private static TopicMetadata toTopic(MetadataResponseTopic topic) {
        return new TopicMetadata(
                topic.name(),
                topic.topicId(),
                topic.isInternal(),
                topic.partitions().stream()
                        .sorted(java.util.Comparator.comparingInt(p -> p.partitionIndex()))
                        .map(p ->
                                new TopicMetadata.PartitionMetadata(p.partitionIndex(), p.leaderId(), p.leaderEpoch()))
                        .toList());
    }
}
