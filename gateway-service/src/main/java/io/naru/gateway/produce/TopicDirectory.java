package io.naru.gateway.produce;

import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.MetadataCache;
import io.naru.protocol.client.TopicMetadata;
import io.naru.protocol.client.UnknownTopicException;
import io.netty.util.Timer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The topics that have been written to. Knows them without asking, asks again in the background now and then, and at once when a leader
 * turned out to be wrong. Only topics that exist are taken in, and they stay when they are gone: should one come back (a broker may have
 * been mistaken), its sequence numbers must go on, for a second count under the same producer id would look like repetition. Thread-safe.
 */
public final class TopicDirectory {

    private static final long REFRESH_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final int CREATION_ATTEMPTS_MAX = 60;
    private static final long CREATION_RETRY_MS = 50;

    private final MetadataCache metadata;
    private final AutoCreation autoCreation;
    private final Timer timer;
    private final Map<String, TopicState> topics = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<TopicState>> refreshing = new ConcurrentHashMap<>();

    /** An empty directory. */
    public TopicDirectory(KafkaClient client, MetadataCache metadata, Timer timer) {
        this.metadata = metadata;
        this.autoCreation = new AutoCreation(client, metadata);
        this.timer = timer;
    }

    /** The topic if it is known already. */
    public @Nullable TopicState known(String name) {
        TopicState topic = topics.get(name);
        if (topic == null || topic.isGone()) {
            return null;
        }
        if (System.nanoTime() - topic.refreshedNanos() > REFRESH_NANOS) {
            refresh(topic);
        }
        return topic;
    }

    /**
     * The topic; one that does not exist is created where the cluster creates topics by itself. Fails with
     * {@link UnknownTopicException}, {@link InvalidTopicException} or what kept the cluster from answering.
     */
    public CompletableFuture<TopicState> find(String name) {
        TopicState topic = known(name);
        if (topic != null) {
            return CompletableFuture.completedFuture(topic);
        }
        if (!Topic.isValid(name)) {
            return CompletableFuture.failedFuture(new InvalidTopicException(name));
        }
        return findOrCreate(name, 0).thenApply(found -> topics.compute(name, (n, state) -> known(state, found)));
    }

    private CompletableFuture<TopicMetadata> findOrCreate(String name, int attempt) {
        return metadata.topicOrCreate(name).exceptionallyCompose(error -> {
            if (!isGone(error) || attempt == CREATION_ATTEMPTS_MAX) {
                return CompletableFuture.failedFuture(error);
            }
            return autoCreation.isEnabled().thenCompose(enabled -> {
                if (!enabled) {
                    return CompletableFuture.failedFuture(error);
                }
                CompletableFuture<Void> due = new CompletableFuture<>();
                timer.newTimeout(t -> due.complete(null), CREATION_RETRY_MS, TimeUnit.MILLISECONDS);
                return due.thenCompose(x -> findOrCreate(name, attempt + 1));
            });
        });
    }

    private static TopicState known(@Nullable TopicState state, TopicMetadata found) {
        if (state == null) {
            return new TopicState(found, System.nanoTime());
        }
        state.refreshed(found, System.nanoTime());
        return state;
    }

    /** Asks the cluster again; several callers share one question. A topic that is gone is marked. */
    public CompletableFuture<TopicState> refresh(TopicState topic) {
        CompletableFuture<TopicState> mine = new CompletableFuture<>();
        CompletableFuture<TopicState> running = refreshing.putIfAbsent(topic.name(), mine);
        if (running != null) {
            return running;
        }
        metadata.invalidate(topic.name());
        metadata.topic(topic.name()).whenComplete((found, error) -> {
            refreshing.remove(topic.name(), mine);
            if (error == null) {
                topic.refreshed(found, System.nanoTime());
            } else if (isGone(error)) {
                topic.markGone();
            }
            mine.complete(topic);
        });
        return mine;
    }

    private static boolean isGone(Throwable error) {
        Throwable cause = error.getCause() == null ? error : error.getCause();
        return cause instanceof UnknownTopicException unknown
                && unknown.errorCode() == Errors.UNKNOWN_TOPIC_OR_PARTITION.code();
    }
}
