package io.naru.protocol.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.protocol.client.ClientOptions;
import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.Lane;
import io.naru.protocol.client.NodeAddress;
import io.naru.protocol.client.OutcomeUnknownException;
import io.naru.protocol.client.RequestNotSentException;
import io.naru.protocol.record.FileSlice;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KafkaServerTest {

    private static final ServerLimits LIMITS =
            new ServerLimits(1 << 20, 1 << 20, 2_000, 4, 100, 100, 60_000, 10_000, 64 * 1024);

    private final ExecutorService workers = Executors.newFixedThreadPool(4);
    private final KafkaClient client = new KafkaClient(ClientOptions.named("test"), 1);
    private final List<CompletableFuture<ApiMessage>> held = new ArrayList<>();
    private Function<MetadataRequestData, CompletableFuture<ApiMessage>> metadata =
            request -> CompletableFuture.completedFuture(new MetadataResponseData().setClusterId("c"));
    private BaseRecords records = MemoryRecords.EMPTY;
    private KafkaServer server;
    private NodeAddress address;

    @BeforeEach
    void start() {
        server = KafkaServer.bind(
                "test",
                new InetSocketAddress("127.0.0.1", 0),
                List.of(new Metadata(), new Fetch()),
                workers,
                LIMITS,
                ServerMetrics.NONE);
        address = new NodeAddress("127.0.0.1", server.port());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        workers.shutdownNow();
    }

    private final class Metadata implements RequestHandler<MetadataRequestData> {
        @Override
        public ApiKeys apiKey() {
            return ApiKeys.METADATA;
        }

        @Override
        public CompletableFuture<ApiMessage> handle(MetadataRequestData request, RequestContext context) {
            return metadata.apply(request);
        }
    }

    private final class Fetch implements RequestHandler<FetchRequestData> {
        @Override
        public ApiKeys apiKey() {
            return ApiKeys.FETCH;
        }

        @Override
        public CompletableFuture<ApiMessage> handle(FetchRequestData request, RequestContext context) {
            return CompletableFuture.completedFuture(new FetchResponseData()
                    .setResponses(List.of(new FetchResponseData.FetchableTopicResponse()
                            .setPartitions(List.of(partition(), partition())))));
        }
    }

    private FetchResponseData.PartitionData partition() {
        return new FetchResponseData.PartitionData().setRecords(records).setHighWatermark(7);
    }

    private MetadataResponseData ask() throws Exception {
        return client.send(address, new MetadataRequestData(), MetadataResponseData.class)
                .get(10, TimeUnit.SECONDS);
    }

    @Test
    void answersInTheOrderAskedEvenWhenTheFirstTakesLonger() throws Exception {
        metadata = request -> {
            if (request.allowAutoTopicCreation()) {
                CompletableFuture<ApiMessage> later = new CompletableFuture<>();
                held.add(later);
                return later;
            }
            held.forEach(f -> workers.execute(() -> f.complete(new MetadataResponseData().setClusterId("first"))));
            return CompletableFuture.completedFuture(new MetadataResponseData().setClusterId("second"));
        };
        List<String> order = new ArrayList<>();
        var first = client.send(
                        address, new MetadataRequestData().setAllowAutoTopicCreation(true), MetadataResponseData.class)
                .thenAccept(a -> order.add(a.clusterId()));
        var second = client.send(
                        address, new MetadataRequestData().setAllowAutoTopicCreation(false), MetadataResponseData.class)
                .thenAccept(a -> order.add(a.clusterId()));
        CompletableFuture.allOf(first, second).get(10, TimeUnit.SECONDS);
        assertThat(order).containsExactly("first", "second");
    }

    @Test
    void aSliceOfAFileArrivesAsTheBatchesInIt(@TempDir Path dir) throws Exception {
        MemoryRecords batch = MemoryRecords.withRecords(
                Compression.NONE,
                new SimpleRecord(1, "k".getBytes(), "v".getBytes()),
                new SimpleRecord(2, "only".getBytes()));
        Path file = dir.resolve("segment");
        Files.write(file, new byte[100]);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.write(batch.buffer().duplicate(), 100);
            records = new FileSlice(channel, 100, batch.sizeInBytes());
            for (int i = 0; i < 3; i++) {
                FetchResponseData answer = client.send(
                                address, Lane.CONTROL, new FetchRequestData(), 0, FetchResponseData.class)
                        .get(10, TimeUnit.SECONDS);
                var partitions = answer.responses().get(0).partitions();
                assertThat(partitions).hasSize(2);
                assertThat(partitions.get(0).records()).isEqualTo(batch);
                assertThat(partitions.get(1).records()).isEqualTo(batch);
                assertThat(partitions.get(1).highWatermark()).isEqualTo(7);
            }
            assertThat(channel.isOpen()).isTrue();
        }
    }

    @Test
    void moreRequestsThanTheInFlightLimitAreAllAnswered() throws Exception {
        List<CompletableFuture<MetadataResponseData>> answers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            answers.add(client.send(address, new MetadataRequestData(), MetadataResponseData.class));
        }
        for (CompletableFuture<MetadataResponseData> answer : answers) {
            assertThat(answer.get(10, TimeUnit.SECONDS).clusterId()).isEqualTo("c");
        }
    }

    @Test
    void aHandlerThatThrowsClosesItsConnectionAndNoOther() throws Exception {
        metadata = request -> {
            throw new IllegalStateException("on purpose");
        };
        assertThatThrownBy(this::ask).hasCauseInstanceOf(OutcomeUnknownException.class);
        metadata = request -> CompletableFuture.completedFuture(new MetadataResponseData().setClusterId("again"));
        assertThat(ask().clusterId()).isEqualTo("again");
    }

    @Test
    void anApiThatIsNotServedIsKnownBeforeItIsSent() {
        assertThatThrownBy(() -> client.send(
                                address,
                                new org.apache.kafka.common.message.HeartbeatRequestData(),
                                org.apache.kafka.common.message.HeartbeatResponseData.class)
                        .get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(RequestNotSentException.class);
    }

    static List<byte[]> malformed() {
        return List.of(
                bytes(b -> b.putInt(-1)),
                bytes(b -> b.putInt(Integer.MIN_VALUE)),
                bytes(b -> b.putInt(0)),
                bytes(b -> b.putInt((1 << 20) + 1)),
                bytes(b -> b.putInt(Integer.MAX_VALUE)),
                "GET / HTTP/1.1\r\n\r\n".getBytes(),
                bytes(b -> b.put(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, 0xf})),
                request((short) -1, (short) 0, b -> {}),
                request((short) 9999, (short) 0, b -> {}),
                request(ApiKeys.METADATA.id, (short) -1, b -> {}),
                request(ApiKeys.METADATA.id, (short) 99, b -> {}),
                request(ApiKeys.PRODUCE.id, ApiKeys.PRODUCE.latestVersion(), b -> {}),
                bytes(b -> b.putInt(4).putInt(0)),
                raw(b -> b.putShort(ApiKeys.METADATA.id)
                        .putShort((short) 9)
                        .putInt(1)
                        .putShort((short) -2)),
                raw(b -> b.putShort(ApiKeys.METADATA.id)
                        .putShort((short) 9)
                        .putInt(1)
                        .putShort((short) 32767)
                        .put(new byte[3])),
                request(ApiKeys.METADATA.id, (short) 9, b -> {}),
                request(ApiKeys.METADATA.id, (short) 8, b -> b.putInt(Integer.MAX_VALUE)),
                request(
                        ApiKeys.METADATA.id,
                        (short) 8,
                        b -> b.putInt(90_000_000).putLong(0)),
                request(ApiKeys.METADATA.id, (short) 9, b -> b.put(new byte[] {-1, -1, -1, -1, 0xf})),
                request(
                        ApiKeys.METADATA.id,
                        (short) 9,
                        b -> b.put(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1})),
                request(ApiKeys.METADATA.id, (short) 8, b -> b.putInt(0).put(new byte[] {0, 0, 0, 0, 0, 0, 0})));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void malformedFramesCloseTheConnectionAndNothingElse(byte[] bytes) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(bytes);
            assertThat(readToEnd(socket)).as("closed without an answer").isZero();
        }
        assertThat(ask().clusterId()).isEqualTo("c");
    }

    @Test
    void aFrameThatStallsIsCut() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(bytes(b -> b.putInt(1 << 19).put(new byte[20])));
            assertThat(readToEnd(socket)).isZero();
        }
    }

    @Test
    void aFrameAboveTheLimitIsCutBeforeItIsRead() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(bytes(b -> b.putInt((1 << 20) + 1)));
            assertThat(readToEnd(socket)).isZero();
        }
    }

    @Test
    void aConnectionThatIsIdleForTooLongIsClosed() throws Exception {
        ServerLimits idle = new ServerLimits(1 << 20, 1 << 20, 60_000, 4, 100, 100, 100, 60_000, 64 * 1024);
        try (KafkaServer strict = KafkaServer.bind(
                        "idle",
                        new InetSocketAddress("127.0.0.1", 0),
                        List.of(new Metadata()),
                        workers,
                        idle,
                        ServerMetrics.NONE);
                Socket socket = new Socket("127.0.0.1", strict.port())) {
            socket.setSoTimeout(10_000);
            assertThat(readToEnd(socket)).isZero();
        }
    }

    @Test
    void connectionsAboveTheLimitAreClosed() throws Exception {
        server.limitConnections(1, 100);
        try (Socket first = new Socket("127.0.0.1", server.port())) {
            first.getOutputStream()
                    .write(request(ApiKeys.API_VERSIONS.id, (short) 99, b -> b.put(new byte[] {0, 1, 1, 0})));
            assertThat(first.getInputStream().readNBytes(4)).hasSize(4);
            try (Socket second = new Socket("127.0.0.1", server.port())) {
                second.setSoTimeout(10_000);
                assertThat(readToEnd(second)).isZero();
            }
        }
    }

    @Test
    void apiVersionsFromTheFutureIsAnsweredInVersionZero() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(request(ApiKeys.API_VERSIONS.id, (short) 99, b -> b.put(new byte[] {0, 1, 1, 0})));
            InputStream in = socket.getInputStream();
            ByteBuffer size = ByteBuffer.wrap(in.readNBytes(4));
            ByteBuffer frame = ByteBuffer.wrap(in.readNBytes(size.getInt()));
            assertThat(frame.getInt()).isEqualTo(42);
            assertThat(frame.getShort()).isEqualTo((short) 35);
            assertThat(frame.getInt()).as("APIs listed").isGreaterThanOrEqualTo(3);
        }
    }

    private static int readToEnd(Socket socket) throws IOException {
        try {
            return socket.getInputStream().readAllBytes().length;
        } catch (java.net.SocketException reset) {
            return 0;
        }
    }

    private interface Put {
        void into(ByteBuffer buffer);
    }

    private static byte[] bytes(Put put) {
        ByteBuffer buffer = ByteBuffer.allocate(200);
        put.into(buffer);
        byte[] result = new byte[buffer.position()];
        buffer.flip().get(result);
        return result;
    }

    private static byte[] raw(Put put) {
        byte[] frame = bytes(put);
        return bytes(b -> b.putInt(frame.length).put(frame));
    }

    private static byte[] request(short key, short version, Put body) {
        return raw(b -> {
            b.putShort(key).putShort(version).putInt(42).putShort((short) 1).put((byte) 't');
            if (ApiKeys.hasId(key) && version >= 0) {
                ApiKeys api = ApiKeys.forId(key);
                if (api.requestHeaderVersion((short) Math.min(version, api.latestVersion())) >= 2) {
                    b.put((byte) 0);
                }
            }
            body.into(b);
        });
    }
}
