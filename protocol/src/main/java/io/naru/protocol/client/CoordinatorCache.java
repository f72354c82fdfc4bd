package io.naru.protocol.client;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.Errors;

/**
 * Which node coordinates a group. Thread-safe and non-blocking. An answer is kept until someone calls {@link #invalidate}: after error
 * 14, 15 or 16, or a lost connection.
 */
public final class CoordinatorCache {

    private static final int ATTEMPTS_MAX = 50;
    private static final long RETRY_MS = 100;

    private final KafkaClient client;
    private final MetadataCache metadata;
    private final int groupsMax;
    private final Map<String, CompletableFuture<NodeAddress>> groups = new ConcurrentHashMap<>();

    /**
     * An empty cache.
     *
     * @param groupsMax how many groups are remembered; beyond it the cache starts over
     */
    public CoordinatorCache(KafkaClient client, MetadataCache metadata, int groupsMax) {
        this.client = client;
        this.metadata = metadata;
        this.groupsMax = groupsMax;
    }

    /** The group's coordinator, waiting up to five seconds for one to be there; fails with the error's exception from kafka-clients. */
    public CompletableFuture<NodeAddress> coordinator(String groupId) {
        if (groups.size() > groupsMax) {
            groups.clear();
        }
        return groups.compute(
                groupId, (g, known) -> known == null || known.isCompletedExceptionally() ? find(g, 0) : known);
    }

    /** Forgets the group's coordinator; the next call asks. */
    public void invalidate(String groupId) {
        groups.remove(groupId);
    }

    private CompletableFuture<NodeAddress> find(String groupId, int attempt) {
        FindCoordinatorRequestData request =
                new FindCoordinatorRequestData().setKeyType((byte) 0).setCoordinatorKeys(List.of(groupId));
        return client.send(metadata.anyNode(), request, FindCoordinatorResponseData.class)
                .thenApply(answer -> {
                    Coordinator found = answer.coordinators().get(0);
                    Errors error = Errors.forCode(found.errorCode());
                    if (error != Errors.NONE) {
                        throw error.exception(found.errorMessage());
                    }
                    return new NodeAddress(found.host(), found.port());
                })
                .exceptionallyCompose(error -> {
                    Throwable cause = error.getCause() == null ? error : error.getCause();
                    boolean worthAnother = cause instanceof RetriableException
                            || cause instanceof RequestNotSentException
                            || cause instanceof OutcomeUnknownException;
                    return worthAnother && attempt < ATTEMPTS_MAX
                            ? later(() -> find(groupId, attempt + 1))
                            : CompletableFuture.failedFuture(cause);
                });
    }

    private static CompletableFuture<NodeAddress> later(Supplier<CompletableFuture<NodeAddress>> call) {
        return CompletableFuture.supplyAsync(call, CompletableFuture.delayedExecutor(RETRY_MS, TimeUnit.MILLISECONDS))
                .thenCompose(f -> f);
    }
}
