package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.system.program.Clients;
import io.naru.system.program.Polling;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruService;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Malformed frames end their connection and nothing else, on the broker's listener and on the coordinator's. */
@Timeout(180)
class BadKafkaFramesIT {
    private static NaruCluster naru;

    @BeforeAll
    static void start() {
        naru = NaruCluster.standalone().start();
    }

    @AfterAll
    static void stop() {
        naru.close();
    }

    static Stream<String> badFrames() {
        return BadFrames.all().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("badFrames")
    void closesTheConnectionOf(String frame) throws IOException {
        byte[] bytes = BadFrames.all().get(frame);
        for (String listener : listeners()) {
            try (RawKafka raw = new RawKafka(listener)) {
                raw.send(bytes);
                assertThat(raw.isClosedWithoutReply())
                        .as("%s on %s is closed", frame, listener)
                        .isTrue();
            }
        }
    }

    @Test
    void closesTheConnectionOfAHalfFrameThatEnds() throws IOException {
        for (String listener : listeners()) {
            try (RawKafka raw = new RawKafka(listener)) {
                raw.send(RawKafka.bytes(out -> {
                    out.writeInt(20);
                    out.writeInt(0);
                }));
                raw.endOfInput();
                assertThat(raw.isClosedWithoutReply()).isTrue();
            }
        }
    }

    /** Clients that are newer than the server depend on it. */
    @Test
    void answersApiVersionsOfTheFutureInVersionZero() throws IOException {
        for (String listener : listeners()) {
            try (RawKafka raw = new RawKafka(listener)) {
                raw.send(RawKafka.sized(RawKafka.bytes(out -> {
                    RawKafka.header(out, 18, 99);
                    out.write(new byte[] {0, 1, 1, 0});
                })));
                ByteBuffer reply = ByteBuffer.wrap(raw.reply());
                assertThat(reply.getInt()).as("correlation id").isEqualTo(7);
                ApiVersionsResponseData data = new ApiVersionsResponseData(new ByteBufferAccessor(reply), (short) 0);
                assertThat(data.errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
                assertThat(data.apiKeys().find((short) 18)).isNotNull();
                assertThat(reply.hasRemaining()).isFalse();
            }
        }
    }

    /** Thirty times 100 MiB of promises must not cost thirty times 100 MiB of a 256 MiB heap. */
    @Test
    void promisedBytesCostNothingBeforeTheyCome() throws Exception {
        List<RawKafka> promisers = new ArrayList<>();
        try {
            for (int i = 0; i < 30; i++) {
                RawKafka raw = new RawKafka(naru.bootstrapServers());
                raw.send(RawKafka.bytes(out -> out.writeInt(100 * 1024 * 1024)));
                promisers.add(raw);
            }
            assertStillServes();
        } finally {
            for (RawKafka raw : promisers) {
                raw.close();
            }
        }
    }

    @AfterEach
    void assertStillServes() throws Exception {
        assertThat(naru.processOf(NaruService.BROKER).isAlive()).isTrue();
        try (KafkaProducer<String, String> producer = Clients.producer(naru, Map.of());
                KafkaConsumer<String, String> consumer = Clients.consumer(naru, Map.of())) {
            long offset = producer.send(new ProducerRecord<>("unharmed", 0, null, "v"))
                    .get(30, TimeUnit.SECONDS)
                    .offset();
            TopicPartition partition = new TopicPartition("unharmed", 0);
            consumer.assign(List.of(partition));
            consumer.seek(partition, offset);
            assertThat(Polling.atLeast(1, consumer).get(0).offset()).isEqualTo(offset);
        }
    }

    private static List<String> listeners() {
        return List.of(
                naru.bootstrapServers(),
                "127.0.0.1:" + naru.runFile(NaruService.COORDINATOR).kafkaPort());
    }
}
