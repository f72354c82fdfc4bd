package io.naru.protocol.client;

import io.naru.protocol.codec.Buffers;
import io.naru.protocol.codec.FrameDecoder;
import io.naru.protocol.codec.RequestCodec;
import io.naru.protocol.codec.ResponseCodec;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a node, versions negotiated. Requests are pipelined and answered in order, so a request that makes the node wait
 * (a long-polling Fetch) holds up those behind it: give such requests a connection of their own.
 *
 * <p>Thread-safe. Fields belong to the channel's event loop; futures complete on it, so what hangs on them must not block.
 */
public final class KafkaConnection {

    private static final short API_VERSIONS_VERSION = 3;
    private static final long DEADLINE_CHECK_MS = 250;

    private static final int WAITING_MAX = 10_000;

    private final NodeAddress address;
    private final ClientOptions options;
    private final EventLoop loop;
    private final CompletableFuture<KafkaConnection> opened = new CompletableFuture<>();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final Deque<PendingRequest> pending = new ArrayDeque<>();
    private final Map<ApiKeys, Short> versions = new EnumMap<>(ApiKeys.class);
    private volatile Set<Integer> extensions = Set.of();
    private int nextCorrelationId;
    private boolean deadlineCheckRunning;
    private volatile @Nullable RequestNotSentException end;
    private @Nullable Channel channel;

    private KafkaConnection(NodeAddress address, ClientOptions options, EventLoop loop) {
        this.address = address;
        this.options = options;
        this.loop = loop;
    }

    /**
     * Begins to connect and to negotiate versions. Requests may be sent at once: they go out, in order, when that is done, and fail
     * with {@link RequestNotSentException} if it is not.
     */
    static KafkaConnection open(EventLoopGroup loops, NodeAddress address, ClientOptions options) {
        EventLoop loop = loops.next();
        KafkaConnection connection = new KafkaConnection(address, options, loop);
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.ALLOCATOR, Buffers.POOLED)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, options.connectTimeoutMs())
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel socket) {
                        connection.channel = socket;
                        socket.pipeline()
                                .addLast(new FrameDecoder(options.responseBytesMax(), options.requestTimeoutMs()))
                                .addLast(connection.new Inbound());
                    }
                });
        bootstrap.connect(address.host(), address.port()).addListener(done -> {
            if (!done.isSuccess()) {
                loop.execute(() ->
                        connection.ended(new RequestNotSentException("cannot connect to " + address, done.cause())));
            }
        });
        return connection;
    }

    /** Completes when versions are negotiated; fails with {@link RequestNotSentException}. */
    public CompletableFuture<KafkaConnection> opened() {
        return opened.copy();
    }

    /** The node's address. */
    public NodeAddress address() {
        return address;
    }

    /** Tags of Naru's own fields that the node acts on (see {@link io.naru.protocol.extension}); none until {@link #opened()} has completed. */
    public Set<Integer> extensions() {
        return extensions;
    }

    /** Whether requests can still be sent: true while connecting, too. */
    public boolean isOpen() {
        return end == null;
    }

    /**
     * Sends a request in the newest version that both sides have.
     *
     * @param request  body; not to be changed afterwards
     * @param waitMs   how long the request itself lets the node wait, added to the request timeout
     * @param response class of the response
     * @return fails with {@link RequestNotSentException} or {@link OutcomeUnknownException}
     */
    public <R extends ApiMessage> CompletableFuture<R> send(ApiMessage request, long waitMs, Class<R> response) {
        return submit(request, waitMs, true).thenApply(response::cast);
    }

    /** Sends a request that has no answer (Produce with acks=0); completes when it has been handed to the socket. */
    public CompletableFuture<Void> sendUnanswered(ApiMessage request) {
        return submit(request, 0, false).thenAccept(nothing -> {});
    }

    /** Closes the connection; requests under way end with {@link OutcomeUnknownException}. */
    public void close() {
        loop.execute(() -> {
            Channel socket = channel;
            ended(new RequestNotSentException("connection to " + address + " is closed"));
            if (socket != null) {
                socket.close();
            }
        });
    }

    private CompletableFuture<ApiMessage> submit(ApiMessage request, long waitMs, boolean answerExpected) {
        CompletableFuture<ApiMessage> answer = new CompletableFuture<>();
        if (loop.inEventLoop()) {
            writeWhenOpen(request, waitMs, answerExpected, answer);
        } else {
            try {
                loop.execute(() -> writeWhenOpen(request, waitMs, answerExpected, answer));
            } catch (RejectedExecutionException e) {
                answer.completeExceptionally(new RequestNotSentException("client is closed", e));
            }
        }
        return answer;
    }

    private void writeWhenOpen(
            ApiMessage request, long waitMs, boolean answerExpected, CompletableFuture<ApiMessage> answer) {
        if (opened.isDone()) {
            write(request, waitMs, answerExpected, answer);
        } else if (waiting.size() < WAITING_MAX) {
            waiting.add(() -> write(request, waitMs, answerExpected, answer));
        } else {
            answer.completeExceptionally(
                    new RequestNotSentException(WAITING_MAX + " requests are waiting for a connection to " + address));
        }
    }

    private void write(ApiMessage request, long waitMs, boolean answerExpected, CompletableFuture<ApiMessage> answer) {
        Channel socket = channel;
        RequestNotSentException ended = end;
        if (ended != null || socket == null) {
            String why = ended == null ? "connection to " + address + " is not open" : ended.getMessage();
            answer.completeExceptionally(new RequestNotSentException(why, ended));
            return;
        }
        ApiKeys apiKey = ApiKeys.forId(request.apiKey());
        Short version = apiKey == ApiKeys.API_VERSIONS ? Short.valueOf(API_VERSIONS_VERSION) : versions.get(apiKey);
        if (version == null) {
            answer.completeExceptionally(new RequestNotSentException(address + " does not serve " + apiKey));
            return;
        }
        int correlationId = nextCorrelationId++ & Integer.MAX_VALUE;
        List<Object> parts;
        try {
            parts = RequestCodec.write(socket.alloc(), correlationId, options.clientId(), request, version);
        } catch (RuntimeException e) {
            answer.completeExceptionally(new RequestNotSentException("cannot be said to " + address + ": " + e, e));
            return;
        }
        if (answerExpected) {
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(options.requestTimeoutMs() + waitMs);
            pending.add(new PendingRequest(correlationId, apiKey, version, deadline, answer));
            checkDeadlinesLater();
        }
        int last = parts.size() - 1;
        for (int i = 0; i < last; i++) {
            socket.write(parts.get(i));
        }
        socket.writeAndFlush(parts.get(last)).addListener(done -> {
            if (!done.isSuccess()) {
                socket.close();
            }
            if (!answerExpected) {
                if (done.isSuccess()) {
                    answer.complete(new ApiVersionsResponseData());
                } else {
                    answer.completeExceptionally(new OutcomeUnknownException("connection to " + address + " ended"));
                }
            }
        });
    }

    /** On the event loop, once: nothing more is sent. */
    private void ended(RequestNotSentException why) {
        if (end == null) {
            end = why;
        }
        opened.completeExceptionally(why);
        while (!waiting.isEmpty()) {
            waiting.remove().run();
        }
        while (!pending.isEmpty()) {
            PendingRequest request = pending.remove();
            request.answer()
                    .completeExceptionally(new OutcomeUnknownException(
                            "connection to " + address + " ended before it answered " + request.apiKey()));
        }
    }

    private void checkDeadlinesLater() {
        if (!deadlineCheckRunning) {
            deadlineCheckRunning = true;
            loop.schedule(this::checkDeadlines, DEADLINE_CHECK_MS, TimeUnit.MILLISECONDS);
        }
    }

    private void checkDeadlines() {
        deadlineCheckRunning = false;
        PendingRequest oldest = pending.peek();
        if (oldest == null) {
            return;
        }
        // Answers come in order, so the head is what everything behind it waits for.
        if (oldest.deadlineNanos() - System.nanoTime() < 0) {
            close();
        } else {
            checkDeadlinesLater();
        }
    }

    private CompletableFuture<Void> negotiate() {
        ApiVersionsRequestData request =
                new ApiVersionsRequestData().setClientSoftwareName("naru").setClientSoftwareVersion("1");
        CompletableFuture<ApiMessage> answered = new CompletableFuture<>();
        write(request, 0, true, answered);
        return answered.thenAccept(message -> {
            ApiVersionsResponseData answer = (ApiVersionsResponseData) message;
            if (answer.errorCode() != Errors.NONE.code()) {
                throw new RequestNotSentException(
                        address + " refused ApiVersions: " + Errors.forCode(answer.errorCode()));
            }
            extensions = answer.unknownTaggedFields().stream()
                    .map(RawTaggedField::tag)
                    .collect(Collectors.toUnmodifiableSet());
            for (ApiVersion offered : answer.apiKeys()) {
                if (ApiKeys.hasId(offered.apiKey())) {
                    ApiKeys key = ApiKeys.forId(offered.apiKey());
                    short newest = (short) Math.min(key.latestVersion(), offered.maxVersion());
                    if (newest >= Math.max(key.oldestVersion(), offered.minVersion())) {
                        versions.put(key, newest);
                    }
                }
            }
        });
    }

    /** Reads responses; each goes to the oldest request. */
    private final class Inbound extends SimpleChannelInboundHandler<ByteBuf> {

        @Override
        public void channelActive(ChannelHandlerContext context) {
            context.executor()
                    .schedule(
                            () -> {
                                if (!opened.isDone()) {
                                    context.close();
                                }
                            },
                            options.connectTimeoutMs(),
                            TimeUnit.MILLISECONDS);
            negotiate().whenComplete((nothing, error) -> {
                if (error != null) {
                    ended(new RequestNotSentException("no Kafka protocol at " + address, error));
                    context.close();
                    return;
                }
                opened.complete(KafkaConnection.this);
                while (!waiting.isEmpty()) {
                    waiting.remove().run();
                }
            });
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
            // On the heap, so that record batches may outlive the read without anyone counting references.
            ByteBuffer bytes = ByteBuffer.allocate(frame.readableBytes());
            frame.readBytes(bytes);
            bytes.flip();
            PendingRequest request = pending.poll();
            if (request == null || request.correlationId() != ResponseCodec.correlationId(bytes)) {
                context.close();
                if (request != null) {
                    request.answer().completeExceptionally(new OutcomeUnknownException("answers out of order"));
                }
                return;
            }
            try {
                request.answer().complete(ResponseCodec.read(bytes, request.apiKey(), request.version()));
            } catch (RuntimeException e) {
                context.close();
                request.answer()
                        .completeExceptionally(
                                new OutcomeUnknownException("unreadable answer from " + address + ": " + e));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            ended(new RequestNotSentException("connection to " + address + " was closed"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
            context.close();
        }
    }
}
