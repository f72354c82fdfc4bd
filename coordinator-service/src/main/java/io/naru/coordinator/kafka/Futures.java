package io.naru.coordinator.kafka;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What the standard library leaves out. */
final class Futures {

    private Futures() {}

    /** All results, in the order of the futures; fails when one does. */
    static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> futures) {
        return CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new))
                .thenApply(
                        nothing -> futures.stream().map(CompletableFuture::join).toList());
    }
}
