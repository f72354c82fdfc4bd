package io.naru.protocol.server;

import io.naru.protocol.codec.FrameMemory;
import io.naru.protocol.codec.ReadGate;
import io.naru.protocol.codec.RequestCodec;
import io.naru.protocol.codec.ResponseCodec;
import io.naru.protocol.codec.StructureMemory;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.FileRegion;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: takes requests in order, hands them to their handlers in order, sends the answers in order. Fields belong to the
 * connection's event loop. A frame and its memory are released when its handler's stage completes, or when the handler says that it is done with them; response parts are released by the channel.
 */
final class ConnectionHandler extends SimpleChannelInboundHandler<ByteBuf> {

    private static final Logger log = LoggerFactory.getLogger(ConnectionHandler.class);

    private final HandlerTable handlers;
    private final Executor order;
    private final ServerLimits limits;
    private final ServerMetrics metrics;
    private final FrameMemory memory;
    private final ReadGate gate;
    private final Deque<Exchange> exchanges = new ArrayDeque<>();
    private int inFlight;

    ConnectionHandler(
            HandlerTable handlers,
            Executor workers,
            ServerLimits limits,
            ServerMetrics metrics,
            FrameMemory memory,
            ReadGate gate) {
        super(false);
        this.handlers = handlers;
        this.order = new SerialExecutor(workers);
        this.limits = limits;
        this.metrics = metrics;
        this.memory = memory;
        this.gate = gate;
    }

    /** A request whose answer has not left yet. */
    private static final class Exchange {
        private final RequestContext context;
        private final short responseVersion;
        private boolean answered;
        private @Nullable List<Object> parts;

        Exchange(RequestContext context, short responseVersion) {
            this.context = context;
            this.responseVersion = responseVersion;
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext channel, ByteBuf frame) {
        boolean handedOn = false;
        try {
            RequestCodec.Head head = RequestCodec.readHead(frame);
            RequestHandler<?> handler = handlers.handler(head.apiKey())
                    .orElseThrow(() -> new InvalidRequestException("API " + head.apiKey() + " is not served here"));
            Exchange exchange = begin(channel, head);
            short version = head.apiVersion();
            if (version < handler.versionMin() || version > handler.versionMax()) {
                refuseVersion(channel, head, exchange);
                return;
            }
            handedOn = true;
            order.execute(() -> handle(channel, handler, head, exchange, frame));
        } finally {
            if (!handedOn) {
                release(frame);
            }
        }
    }

    private Exchange begin(ChannelHandlerContext channel, RequestCodec.Head head) {
        RequestContext context = new RequestContext(
                head.apiKey(),
                head.apiVersion(),
                head.header().correlationId(),
                head.header().clientId(),
                channel.channel().id().asLongText(),
                channel.channel().remoteAddress(),
                System.nanoTime());
        Exchange exchange = new Exchange(context, head.apiVersion());
        exchanges.add(exchange);
        if (++inFlight == limits.inFlightMax()) {
            gate.hold(channel.channel());
        }
        return exchange;
    }

    private void refuseVersion(ChannelHandlerContext channel, RequestCodec.Head head, Exchange exchange) {
        if (head.apiKey() != ApiKeys.API_VERSIONS || head.apiVersion() < 0) {
            throw new InvalidRequestException(
                    "version " + head.apiVersion() + " of " + head.apiKey() + " is not supported");
        }
        answer(
                channel,
                exchange,
                ResponseCodec.write(
                        channel.alloc(),
                        ApiKeys.API_VERSIONS,
                        (short) 0,
                        exchange.context.correlationId(),
                        handlers.unsupportedApiVersions()));
    }

    /** On a worker thread, in the connection's order. */
    private <Q extends ApiMessage> void handle(
            ChannelHandlerContext channel,
            RequestHandler<Q> handler,
            RequestCodec.Head head,
            Exchange exchange,
            ByteBuf frame) {
        if (!channel.channel().isActive()) {
            release(frame);
            return;
        }
        long frameBytes = frame.readableBytes();
        StructureMemory structure = new StructureMemory(memory);
        CompletionStage<? extends @Nullable ApiMessage> stage;
        try {
            // The handler was found by the key that chose the class: see HandlerTable.
            @SuppressWarnings("unchecked")
            Q request = (Q) RequestCodec.readBody(head, structure);
            stage = handler.handle(request, exchange.context);
        } catch (RuntimeException | Error e) {
            release(frame);
            structure.giveBack();
            fail(channel, e);
            return;
        }
        boolean held = handler.holdsFrame();
        if (!held) {
            release(frame);
        }
        stage.whenComplete((response, error) -> {
            long sentBytes = error == null ? finish(channel, exchange, response) : 0;
            if (held) {
                release(frame);
            }
            structure.giveBack();
            if (error != null) {
                fail(channel, error);
                return;
            }
            metrics.answered(head.apiKey(), System.nanoTime() - exchange.context.arrivedNanos(), frameBytes, sentBytes);
        });
    }

    /** Sends the answer when its turn has come; returns how long it is. */
    private long finish(ChannelHandlerContext channel, Exchange exchange, @Nullable ApiMessage response) {
        List<Object> parts;
        try {
            parts = response == null
                    ? List.of()
                    : ResponseCodec.write(
                            channel.alloc(),
                            exchange.context.apiKey(),
                            exchange.responseVersion,
                            exchange.context.correlationId(),
                            response);
        } catch (RuntimeException e) {
            fail(channel, e);
            return 0;
        }
        long bytes = bytes(parts);
        if (channel.executor().inEventLoop()) {
            answer(channel, exchange, parts);
        } else {
            channel.executor().execute(() -> answer(channel, exchange, parts));
        }
        return bytes;
    }

    private static long bytes(List<Object> parts) {
        long bytes = 0;
        for (int i = 0; i < parts.size(); i++) {
            Object part = parts.get(i);
            bytes += part instanceof ByteBuf buffer ? buffer.readableBytes() : ((FileRegion) part).count();
        }
        return bytes;
    }

    /** On the event loop: sends every answer whose turn has come. */
    private void answer(ChannelHandlerContext channel, Exchange exchange, List<Object> parts) {
        if (!channel.channel().isActive()) {
            parts.forEach(ReferenceCountUtil::release);
            return;
        }
        exchange.answered = true;
        exchange.parts = parts;
        boolean wrote = false;
        while (!exchanges.isEmpty() && exchanges.getFirst().answered) {
            wrote |= send(channel, exchanges.removeFirst());
        }
        if (wrote) {
            channel.flush();
        }
    }

    private boolean send(ChannelHandlerContext channel, Exchange exchange) {
        List<Object> parts = exchange.parts == null ? List.of() : exchange.parts;
        if (parts.isEmpty()) {
            left(channel.channel());
            return false;
        }
        int last = parts.size() - 1;
        for (int i = 0; i < last; i++) {
            channel.write(parts.get(i));
        }
        channel.write(parts.get(last)).addListener(done -> {
            left(channel.channel());
            if (!done.isSuccess()) {
                channel.close();
            }
        });
        return true;
    }

    private void left(Channel channel) {
        if (inFlight-- == limits.inFlightMax()) {
            gate.release(channel);
        }
    }

    private void release(ByteBuf frame) {
        long cost = frame.capacity() < Short.BYTES
                ? frame.capacity()
                : FrameMemory.cost(frame.getShort(0), frame.capacity());
        frame.release();
        memory.giveBack(cost);
    }

    private void fail(ChannelHandlerContext channel, Throwable error) {
        channel.executor().execute(() -> exceptionCaught(channel, error));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext channel, Object event) {
        if (event instanceof IdleStateEvent) {
            channel.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext channel) {
        for (Exchange exchange : exchanges) {
            if (exchange.parts != null) {
                exchange.parts.forEach(ReferenceCountUtil::release);
            }
        }
        exchanges.clear();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext channel, Throwable error) {
        if (!channel.channel().isActive()) {
            return;
        }
        if (error instanceof InvalidRequestException || error instanceof DecoderException) {
            metrics.refused(String.valueOf(error.getMessage()));
            log.atInfo()
                    .addKeyValue("remote", channel.channel().remoteAddress())
                    .addKeyValue("reason", error.getMessage())
                    .log("Closed a connection: its peer does not speak the Kafka protocol as served here");
        } else if (!(error instanceof IOException)) {
            log.atError()
                    .setCause(error)
                    .addKeyValue("remote", channel.channel().remoteAddress())
                    .log("Closed a connection: its request could not be handled");
        }
        channel.close();
    }
}
