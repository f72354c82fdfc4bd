package io.naru.protocol.server;

import io.naru.protocol.codec.Buffers;
import io.naru.protocol.codec.FrameDecoder;
import io.naru.protocol.codec.FrameMemory;
import io.naru.protocol.codec.ReadGate;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * A Kafka listener. Owns its event loops and connections; the worker executor is its owner's. Thread-safe once bound.
 */
public final class KafkaServer implements AutoCloseable {

    private final EventLoopGroup eventLoops;
    private final ChannelGroup connections;
    private final Channel listener;
    private final ConnectionLimiter limiter;

    private KafkaServer(
            EventLoopGroup eventLoops, ChannelGroup connections, Channel listener, ConnectionLimiter limiter) {
        this.limiter = limiter;
        this.eventLoops = eventLoops;
        this.connections = connections;
        this.listener = listener;
    }

    /**
     * Binds a listener and starts serving.
     *
     * @param name     prefix of its thread names
     * @param address  where to listen; port 0 takes a free one, see {@link #port()}
     * @param handlers one per API served; ApiVersions is added by itself
     * @param workers  runs handlers; may block
     */
    public static KafkaServer bind(
            String name,
            InetSocketAddress address,
            Collection<? extends RequestHandler<?>> handlers,
            Executor workers,
            ServerLimits limits,
            ServerMetrics metrics) {
        return bind(name, address, new Served(handlers, ServerFeatures.NONE), workers, limits, metrics);
    }

    /**
     * What a listener serves.
     *
     * @param handlers one per API served; ApiVersions is added by itself
     * @param features told by ApiVersions
     */
    public record Served(Collection<? extends RequestHandler<?>> handlers, ServerFeatures features) {}

    /** The same, of a server that has features to tell of. */
    public static KafkaServer bind(
            String name,
            InetSocketAddress address,
            Served served,
            Executor workers,
            ServerLimits limits,
            ServerMetrics metrics) {
        HandlerTable table = new HandlerTable(served.handlers(), served.features());
        FrameMemory memory = new FrameMemory(
                Math.max(limits.requestBytesMax(), FrameMemory.cost(ApiKeys.PRODUCE.id, limits.frameBytesMax())));
        ConnectionLimiter limiter = new ConnectionLimiter(limits, metrics);
        int threads = Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors()));
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory(name + "-kafka", true), NioIoHandler.newFactory());
        ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 512)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOCATOR, Buffers.POOLED)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.SO_SNDBUF, limits.sendBufferBytes())
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(1 << 20, 4 << 20))
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        connections.add(channel);
                        ReadGate gate = new ReadGate();
                        channel.pipeline()
                                .addLast(limiter)
                                .addLast(new IdleStateHandler(0, 0, limits.idleMs(), TimeUnit.MILLISECONDS))
                                .addLast(new WriteTimeoutHandler(limits.writeDeadlineMs(), TimeUnit.MILLISECONDS))
                                .addLast(new FrameDecoder(
                                        limits.frameBytesMax(), limits.frameDeadlineMs(), memory, gate))
                                .addLast(new ConnectionHandler(table, workers, limits, metrics, memory, gate));
                    }
                });
        try {
            return new KafkaServer(
                    loops,
                    connections,
                    bootstrap.bind(address).syncUninterruptibly().channel(),
                    limiter);
        } catch (RuntimeException e) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw e;
        }
    }

    /** Changes how many connections there may be, in all and from one address; those that are there stay. */
    public void limitConnections(int inAll, int fromOneAddress) {
        limiter.limit(inAll, fromOneAddress);
    }

    /** The port listened on. */
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Stops listening, closes every connection, and waits until the event loops are done. */
    @Override
    public void close() {
        listener.close().syncUninterruptibly();
        connections.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
        eventLoops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(6, TimeUnit.SECONDS);
    }
}
