package io.naru.broker.kafka;

import io.naru.cluster.control.ProducerIdBlock;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands out producer ids from blocks that the controller reserves for this broker. Thread-safe; callers that find the block used up
 * share one request for the next.
 */
final class ProducerIds {

    private final Supplier<CompletableFuture<ProducerIdBlock>> controller;
    private long next;
    private long end;
    private @Nullable CompletableFuture<ProducerIdBlock> asked;

    ProducerIds(Supplier<CompletableFuture<ProducerIdBlock>> controller) {
        this.controller = controller;
    }

    /** An id that nobody else gets. */
    CompletableFuture<Long> next() {
        CompletableFuture<ProducerIdBlock> block;
        synchronized (this) {
            if (next < end) {
                return CompletableFuture.completedFuture(next++);
            }
            if (asked == null || asked.isDone()) {
                asked = controller.get().thenApply(this::take);
            }
            block = asked;
        }
        return block.thenCompose(taken -> next());
    }

    private synchronized ProducerIdBlock take(ProducerIdBlock block) {
        next = block.first();
        end = block.first() + block.count();
        return block;
    }
}
