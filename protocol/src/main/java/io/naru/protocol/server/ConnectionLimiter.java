package io.naru.protocol.server;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Closes connections beyond the limits, in all and from one address. Shared by all connections of a listener; thread-safe. */
@Sharable
final class ConnectionLimiter extends ChannelInboundHandlerAdapter {

    private volatile int connectionsMax;
    private volatile int connectionsPerIpMax;
    private final ServerMetrics metrics;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();

    ConnectionLimiter(ServerLimits limits, ServerMetrics metrics) {
        this.metrics = metrics;
        limit(limits.connectionsMax(), limits.connectionsPerIpMax());
    }

    /** Changes the limits, for connections that come from now on. */
    final void limit(int inAll, int fromOneAddress) {
        connectionsMax = inAll;
        connectionsPerIpMax = fromOneAddress;
    }

    @Override
    public void channelActive(ChannelHandlerContext channel) {
        InetAddress address = ((InetSocketAddress) channel.channel().remoteAddress()).getAddress();
        int all = open.incrementAndGet();
        int here = perAddress.merge(address, 1, Integer::sum);
        metrics.connections(all);
        channel.channel().closeFuture().addListener(closed -> {
            metrics.connections(open.decrementAndGet());
            perAddress.computeIfPresent(address, (a, count) -> count == 1 ? null : count - 1);
        });
        if (all > connectionsMax || here > connectionsPerIpMax) {
            metrics.refused("too many connections");
            channel.close();
            return;
        }
        channel.fireChannelActive();
    }
}
