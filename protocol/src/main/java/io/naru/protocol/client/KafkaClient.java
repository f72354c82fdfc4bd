package io.naru.protocol.client;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Connections to nodes: at most one per node and lane, made when first needed, made anew after one was lost. Thread-safe and
 * non-blocking; futures complete on event loops.
 */
public final class KafkaClient implements AutoCloseable {

    private final ClientOptions options;
    private final EventLoopGroup loops;
    private final Map<Key, KafkaConnection> connections = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private record Key(NodeAddress address, Lane lane) {}

    /**
     * A client with event loops of its own.
     *
     * @param threads event loop threads, ≥ 1
     */
    public KafkaClient(ClientOptions options, int threads) {
        this.options = options;
        this.loops = new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory(options.clientId() + "-client", true), NioIoHandler.newFactory());
    }

    /**
     * Sends a request to a node.
     *
     * @param waitMs how long the request lets the node wait, on top of the request timeout
     * @return fails with {@link RequestNotSentException} or {@link OutcomeUnknownException}
     */
    public <R extends ApiMessage> CompletableFuture<R> send(
            NodeAddress node, Lane lane, ApiMessage request, long waitMs, Class<R> response) {
        return closed
                ? CompletableFuture.failedFuture(new RequestNotSentException("client is closed"))
                : connection(node, lane).send(request, waitMs, response);
    }

    /** Sends a request that does not wait at the node, on the control lane. */
    public <R extends ApiMessage> CompletableFuture<R> send(NodeAddress node, ApiMessage request, Class<R> response) {
        return send(node, Lane.CONTROL, request, 0, response);
    }

    /** The connection of a lane, begun if need be; see {@link KafkaConnection#opened()}. */
    public KafkaConnection connection(NodeAddress node, Lane lane) {
        return connections.compute(
                new Key(node, lane),
                (key, known) ->
                        known != null && known.isOpen() ? known : KafkaConnection.open(loops, key.address(), options));
    }

    /** Closes one lane, for instance to give up on what waits there. */
    public void close(NodeAddress node, Lane lane) {
        KafkaConnection known = connections.remove(new Key(node, lane));
        if (known != null) {
            known.close();
        }
    }

    /** Closes every connection and waits until the event loops are done. */
    @Override
    public void close() {
        closed = true;
        connections.values().forEach(KafkaConnection::close);
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(6, TimeUnit.SECONDS);
    }
}
