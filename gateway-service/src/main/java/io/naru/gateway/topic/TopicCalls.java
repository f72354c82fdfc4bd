package io.naru.gateway.topic;

import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.Lane;
import io.naru.protocol.client.MetadataCache;
import io.naru.protocol.client.NodeAddress;
import io.naru.protocol.client.OutcomeUnknownException;
import io.naru.protocol.client.RequestNotSentException;
import io.naru.protocol.client.UnknownTopicException;
import io.netty.util.Timer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked about topics, and done to them. Asks a second broker when the first cannot be reached; what changes something is sent
 * again only when it certainly was not received. Non-blocking and thread-safe; futures complete on event loops and timers, and fail with
 * {@link UnknownTopicException} or what kept the cluster from answering.
 */
public final class TopicCalls {

    private static final int ATTEMPTS_MAX = 4;
    private static final long PAUSE_MS = 100;
    private static final int CREATE_WAIT_MS = 10_000;

    private final KafkaClient client;
    private final MetadataCache metadata;
    private final Timer timer;
    private final OffsetCalls offsets;

    /** Calls over a client that its owner closes. */
    public TopicCalls(KafkaClient client, MetadataCache metadata, Timer timer) {
        this.client = client;
        this.metadata = metadata;
        this.timer = timer;
        this.offsets = new OffsetCalls(client);
    }

    /** Every topic that can be described, by name. */
    public CompletableFuture<List<TopicDescription>> list() {
        return metadata(null)
                .thenApply(answer -> answer.topics().stream()
                        .filter(t -> isDescribed(t, Errors.forCode(t.errorCode())))
                        .sorted(java.util.Comparator.comparing(MetadataResponseTopic::name))
                        .map(t -> TopicDescription.of(t, answer))
                        .toList());
    }

    /** Node ids of the brokers, in order. Metadata would name coordinators beside them: to clients both are nodes. */
    public CompletableFuture<List<Integer>> brokers() {
        return read(new DescribeClusterRequestData(), DescribeClusterResponseData.class)
                .thenApply(answer -> {
                    Errors error = Errors.forCode(answer.errorCode());
                    if (error != Errors.NONE) {
                        throw error.exception(answer.errorMessage());
                    }
                    return answer.brokers().stream()
                            .map(b -> b.brokerId())
                            .sorted()
                            .toList();
                });
    }

    /** One topic; it is not created. */
    public CompletableFuture<TopicDescription> describe(String name) {
        return metadata(List.of(name)).thenApply(answer -> {
            MetadataResponseTopic topic = answer.topics().find(name);
            Errors error = topic == null ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.forCode(topic.errorCode());
            if (topic == null || !isDescribed(topic, error)) {
                throw new UnknownTopicException(name, error.code(), error.message());
            }
            return TopicDescription.of(topic, answer);
        });
    }

    private static boolean isDescribed(MetadataResponseTopic topic, Errors error) {
        return error == Errors.NONE
                || (error == Errors.LEADER_NOT_AVAILABLE && !topic.partitions().isEmpty());
    }

    /** A topic and where each of its partitions begins and ends, by index. */
    public CompletableFuture<Described> describeWithOffsets(String name) {
        return describeWithOffsets(name, 0);
    }

    /**
     * A topic with its offsets.
     *
     * @param topic   the topic
     * @param offsets by partition
     */
    public record Described(TopicDescription topic, Map<Integer, PartitionOffsets> offsets) {}

    private CompletableFuture<Described> describeWithOffsets(String name, int attempt) {
        return describe(name)
                .thenCompose(topic -> offsets(topic, topic.partitions()).thenCompose(found -> {
                    boolean again = attempt + 1 < ATTEMPTS_MAX
                            && found.values().stream().anyMatch(PartitionOffsets::isStale)
                            && topic.isLed();
                    return again
                            ? later(PAUSE_MS, () -> describeWithOffsets(name, attempt + 1))
                            : CompletableFuture.completedFuture(new Described(topic, found));
                }));
    }

    /** Where some of a topic's partitions begin and end, as their leaders tell. Never fails: what is not known says why. */
    public CompletableFuture<Map<Integer, PartitionOffsets>> offsets(
            TopicDescription topic, List<TopicDescription.Partition> partitions) {
        return offsets.ask(topic, partitions);
    }

    /**
     * A topic's configs, by name.
     *
     * @param names which ones, or null for all
     */
    public CompletableFuture<Map<String, @Nullable String>> configs(String topic, @Nullable List<String> names) {
        DescribeConfigsRequestData request = new DescribeConfigsRequestData()
                .setResources(List.of(new DescribeConfigsResource()
                        .setResourceType(ConfigResource.Type.TOPIC.id())
                        .setResourceName(topic)
                        .setConfigurationKeys(names)));
        return read(request, DescribeConfigsResponseData.class).thenApply(answer -> {
            Map<String, @Nullable String> configs = new LinkedHashMap<>();
            for (DescribeConfigsResult result : answer.results()) {
                Errors error = Errors.forCode(result.errorCode());
                if (error == Errors.UNKNOWN_TOPIC_OR_PARTITION) {
                    throw new UnknownTopicException(topic, error.code(), error.message());
                }
                if (error != Errors.NONE) {
                    throw error.exception(result.errorMessage());
                }
                result.configs().forEach(c -> configs.put(c.name(), c.value()));
            }
            return configs;
        });
    }

    /**
     * Creates a topic.
     *
     * @return what the controller answered, {@link Errors#TOPIC_ALREADY_EXISTS} and other refusals included
     */
    public CompletableFuture<CreatableTopicResult> create(String name, TopicSpec spec) {
        CreatableTopic topic = new CreatableTopic()
                .setName(name)
                .setNumPartitions(spec.partitions())
                .setReplicationFactor(spec.replicationFactor());
        spec.configs()
                .forEach((key, value) -> topic.configs()
                        .add(new CreatableTopicConfig().setName(key).setValue(value)));
        CreateTopicsRequestData request = new CreateTopicsRequestData()
                .setTimeoutMs(CREATE_WAIT_MS)
                .setTopics(new CreatableTopicCollection(List.of(topic).iterator()));
        return change(request, CreateTopicsResponseData.class, CreateTopicsResponseData::topics, t -> t.errorCode(), 0)
                .whenComplete((result, error) -> metadata.invalidate(name));
    }

    /** Deletes a topic; fails when it is not there. */
    public CompletableFuture<Void> delete(String name) {
        DeleteTopicsRequestData request = new DeleteTopicsRequestData()
                .setTimeoutMs(CREATE_WAIT_MS)
                .setTopics(List.of(new DeleteTopicState().setName(name)));
        return change(
                        request,
                        DeleteTopicsResponseData.class,
                        DeleteTopicsResponseData::responses,
                        t -> t.errorCode(),
                        0)
                .thenAccept(result -> {
                    Errors error = Errors.forCode(result.errorCode());
                    if (error == Errors.UNKNOWN_TOPIC_OR_PARTITION) {
                        throw new UnknownTopicException(name, error.code(), error.message());
                    }
                    if (error != Errors.NONE) {
                        throw error.exception(result.errorMessage() == null ? error.message() : result.errorMessage());
                    }
                })
                .whenComplete((done, error) -> metadata.invalidate(name));
    }

    /** Asks until the answer is the one hoped for or the time is up; null when a topic is not there. */
    CompletableFuture<@Nullable TopicDescription> await(
            String name, long waitMs, BiPredicate<@Nullable TopicDescription, @Nullable Throwable> hoped) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        return await(name, deadline, PAUSE_MS / 10, hoped);
    }

    /** Where the partitions of a new topic begin and end, asked again until every leader knows that it leads, or for so long. */
    CompletableFuture<Map<Integer, PartitionOffsets>> awaitOffsets(TopicDescription topic, long waitMs) {
        return awaitOffsets(topic, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs), PAUSE_MS / 10);
    }

    private CompletableFuture<Map<Integer, PartitionOffsets>> awaitOffsets(
            TopicDescription topic, long deadline, long pauseMs) {
        return offsets(topic, topic.partitions()).thenCompose(offsets -> {
            boolean known = offsets.values().stream().allMatch(o -> o.error() == Errors.NONE);
            return known || System.nanoTime() - deadline >= 0
                    ? CompletableFuture.completedFuture(offsets)
                    : later(pauseMs, () -> awaitOffsets(topic, deadline, Math.min(PAUSE_MS, pauseMs * 2)));
        });
    }

    private CompletableFuture<@Nullable TopicDescription> await(
            String name,
            long deadline,
            long pauseMs,
            BiPredicate<@Nullable TopicDescription, @Nullable Throwable> hoped) {
        return describe(name)
                .handle((topic, error) -> hoped.test(topic, error) || System.nanoTime() - deadline >= 0
                        ? CompletableFuture.<@Nullable TopicDescription>completedFuture(topic)
                        : later(pauseMs, () -> await(name, deadline, Math.min(PAUSE_MS, pauseMs * 2), hoped)))
                .thenCompose(f -> f);
    }

    private CompletableFuture<MetadataResponseData> metadata(@Nullable List<String> names) {
        MetadataRequestData request = new MetadataRequestData()
                .setAllowAutoTopicCreation(false)
                .setTopics(
                        names == null
                                ? null
                                : names.stream()
                                        .map(n -> new MetadataRequestTopic().setName(n))
                                        .toList());
        return read(request, MetadataResponseData.class);
    }

    private <R extends ApiMessage> CompletableFuture<R> read(ApiMessage request, Class<R> response) {
        return read(request, response, 0);
    }

    private <R extends ApiMessage> CompletableFuture<R> read(ApiMessage request, Class<R> response, int attempt) {
        return client.send(metadata.anyNode(), request, response).exceptionallyCompose(error -> {
            Throwable cause = cause(error);
            boolean again = attempt + 1 < ATTEMPTS_MAX
                    && (cause instanceof RequestNotSentException || cause instanceof OutcomeUnknownException);
            return again
                    ? later(PAUSE_MS, () -> read(request, response, attempt + 1))
                    : CompletableFuture.failedFuture(cause);
        });
    }

    /** Sends what changes one thing and returns its one result. */
    private <R extends ApiMessage, T> CompletableFuture<T> change(
            ApiMessage request,
            Class<R> response,
            java.util.function.Function<R, ? extends Iterable<T>> results,
            java.util.function.ToIntFunction<T> code,
            int attempt) {
        boolean last = attempt + 1 >= ATTEMPTS_MAX;
        NodeAddress node = attempt % 2 == 0 ? metadata.controller() : metadata.anyNode();
        return client.send(node, Lane.CONTROL, request, CREATE_WAIT_MS, response)
                .thenCompose(answer -> {
                    java.util.Iterator<T> all = results.apply(answer).iterator();
                    if (!all.hasNext()) {
                        throw Errors.UNKNOWN_SERVER_ERROR.exception("the broker's answer leaves the topic out");
                    }
                    T result = all.next();
                    if (code.applyAsInt(result) != Errors.NOT_CONTROLLER.code() || last) {
                        return CompletableFuture.completedFuture(result);
                    }
                    // Learns which node it is now.
                    return metadata.allTopics()
                            .handle((topics, error) ->
                                    later(PAUSE_MS, () -> change(request, response, results, code, attempt + 1)))
                            .thenCompose(f -> f);
                })
                .exceptionallyCompose(error -> {
                    Throwable cause = cause(error);
                    return cause instanceof RequestNotSentException && !last
                            ? later(PAUSE_MS, () -> change(request, response, results, code, attempt + 1))
                            : CompletableFuture.failedFuture(cause);
                });
    }

    private <T> CompletableFuture<T> later(long ms, Supplier<CompletableFuture<T>> call) {
        CompletableFuture<T> done = new CompletableFuture<>();
        timer.newTimeout(
                t -> call.get().whenComplete((value, error) -> {
                    if (error == null) {
                        done.complete(value);
                    } else {
                        done.completeExceptionally(cause(error));
                    }
                }),
                ms,
                TimeUnit.MILLISECONDS);
        return done;
    }

    private static Throwable cause(Throwable error) {
        return error instanceof java.util.concurrent.CompletionException && error.getCause() != null
                ? error.getCause()
                : error;
    }
}
