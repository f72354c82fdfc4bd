package io.naru.broker.kafka;

import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a handler from answering before the broker knows its cluster: it would call every topic unknown, which clients believe. Until then
 * connections are closed, as if nobody listened yet, and clients go elsewhere or come back.
 *
 * @param <Q> request class
 */
final class OnceStarted<Q extends ApiMessage> implements RequestHandler<Q> {

    private final RequestHandler<Q> handler;
    private final BooleanSupplier started;

    OnceStarted(RequestHandler<Q> handler, BooleanSupplier started) {
        this.handler = handler;
        this.started = started;
    }

    @Override
    public ApiKeys apiKey() {
        return handler.apiKey();
    }

    @Override
    public short versionMin() {
        return handler.versionMin();
    }

    @Override
    public short versionMax() {
        return handler.versionMax();
    }

    @Override
    public Set<Integer> extensions() {
        return handler.extensions();
    }

    @Override
    public boolean holdsFrame() {
        return handler.holdsFrame();
    }

    @Override
    public CompletionStage<? extends @Nullable ApiMessage> handle(Q request, RequestContext context) {
        return started.getAsBoolean()
                ? handler.handle(request, context)
                : CompletableFuture.failedFuture(new IOException("the broker has no cluster image yet"));
    }
}
