package io.naru.simulation;

import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/** The real handlers of one process, and who is connected to it. */
final class KafkaListener {

    private static final InetSocketAddress SOMEWHERE = InetSocketAddress.createUnresolved("client", 1);

    private final Map<ApiKeys, RequestHandler<?>> handlers = new EnumMap<>(ApiKeys.class);
    private final Set<Connection> accepted = new LinkedHashSet<>();

    void serve(Collection<RequestHandler<?>> served) {
        served.forEach(handler -> handlers.put(handler.apiKey(), handler));
    }

    @SuppressWarnings("unchecked")
    CompletionStage<? extends @Nullable ApiMessage> handle(
            ApiKeys api, short version, ApiMessage request, String clientId) {
        RequestHandler<ApiMessage> handler = (RequestHandler<ApiMessage>) handlers.get(api);
        if (handler == null) {
            return CompletableFuture.failedFuture(new IOException("not up yet"));
        }
        try {
            return handler.handle(request, new RequestContext(api, version, 0, clientId, clientId, SOMEWHERE, 0));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    void accepted(Connection connection) {
        accepted.removeIf(Connection::closed);
        accepted.add(connection);
    }

    /** Breaks every connection. */
    void resetConnections() {
        accepted.forEach(Connection::reset);
        accepted.clear();
    }
}
