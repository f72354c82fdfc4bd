package io.naru.admin.v3;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Several answers to wait for, on no thread. */
public final class Futures {

    private Futures() {}

    /** All of them, once all have come; fails as soon as they have if one of them has failed. */
    public static <K, V> CompletableFuture<Map<K, V>> all(Map<K, CompletableFuture<V>> futures) {
        return CompletableFuture.allOf(futures.values().toArray(CompletableFuture[]::new))
                .thenApply(done -> {
                    Map<K, V> values = new LinkedHashMap<>();
                    futures.forEach((key, future) -> values.put(key, future.join()));
                    return values;
                });
    }

    /** What a future failed with, without what futures wrap it in. */
    public static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
