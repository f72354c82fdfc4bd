package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.system.program.Clients;
import io.naru.system.program.Polling;
import io.naru.testkit.KafkaEndpoint;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** A bare curl stores exactly the bytes it sends, and reads what a genuine Kafka producer wrote; whatever brokers are behind. */
@Timeout(120)
@ParameterizedClass
@EnumSource
class CurlIT {
    private static BackEnd.Running running;
    private static KafkaEndpoint brokers;
    private static Curl curl;

    @Parameter
    BackEnd backEnd = BackEnd.NARU;

    @BeforeParameterizedClassInvocation
    static void start(BackEnd backEnd) {
        running = backEnd.start(true);
        brokers = running.brokers();
        curl = new Curl(running.gateway());
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        running.close();
    }

    @Test
    void storesTheElevenBytesOfHelloWorld() {
        Curl.Answer answer = curl.call("/v1/topics/greetings/records", "-d", "hello world");
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        assertThat(answer.json().required("topic").asString()).isEqualTo("greetings");
        assertThat(answer.json().required("partition").asInt()).isZero();
        assertThat(answer.json().required("offset").asLong()).isZero();
        assertThat(answer.json().required("timestamp").asLong())
                .isCloseTo(System.currentTimeMillis(), Offset.offset(60_000L));
        assertThat(onlyValue("greetings")).isEqualTo(utf8("hello world")).hasSize(11);
    }

    @Test
    void storesWhatLooksLikeAForm() {
        String form = "a=1&b=%20x+y&topic=other&key=k";
        store("forms", utf8(form), "-H", "Content-Type: application/x-www-form-urlencoded");
        assertThat(onlyValue("forms")).isEqualTo(utf8(form));
    }

    @Test
    void storesUtf8() {
        store("utf8", utf8("나루에서 안녕 — ⛵"));
        assertThat(onlyValue("utf8")).isEqualTo(utf8("나루에서 안녕 — ⛵"));
    }

    @Test
    void storesAnEmptyBodyAsAnEmptyValueNotAsNull() {
        store("empty", new byte[0]);
        assertThat(onlyValue("empty")).isNotNull().isEmpty();
    }

    @Test
    void storesATombstoneWhenAskedTo() {
        Curl.Answer answer = curl.call("/v1/topics/tombstones/records?key=k&tombstone=true", "-X", "POST");
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        ConsumerRecord<byte[], byte[]> record = only("tombstones");
        assertThat(record.value()).isNull();
        assertThat(record.key()).isEqualTo(utf8("k"));
    }

    @Test
    void storesAMegabyte() {
        byte[] megabyte = new byte[1_000_000];
        new Random(42).nextBytes(megabyte);
        store("megabyte", megabyte, "-H", "Content-Type: application/octet-stream");
        assertThat(Arrays.equals(onlyValue("megabyte"), megabyte)).isTrue();
    }

    @Test
    void storesBytesThatAreNoText() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        store("bytes", bytes);
        assertThat(onlyValue("bytes")).isEqualTo(bytes);
    }

    @Test
    void storesKeyPartitionTimestampAndHeaders() {
        curl.call(
                "/v1/topics/addressed",
                "-X",
                "PUT",
                "-d",
                "{\"partitions\":3}",
                "-H",
                "Content-Type: application/json");
        long timestamp = System.currentTimeMillis() - 5_000;
        Curl.Answer answer = curl.call(
                "/v1/topics/addressed/records?partition=2&key=%EB%82%98%EB%A3%A8&timestamp=" + timestamp,
                "-H",
                "Record-Header-trace: abc",
                "-d",
                "v");
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        ConsumerRecord<byte[], byte[]> record = only("addressed");
        assertThat(record.partition()).isEqualTo(2);
        assertThat(record.key()).isEqualTo(utf8("나루"));
        assertThat(record.timestamp()).isEqualTo(timestamp);
        Headers headers = record.headers();
        assertThat(headers.lastHeader("trace").value()).isEqualTo(utf8("abc"));
    }

    @Test
    void readsWhatAGenuineProducerWrote() throws Exception {
        try (KafkaProducer<String, String> producer = Clients.producer(brokers, Map.of("compression.type", "zstd"))) {
            producer.send(new ProducerRecord<>("from.kafka", 0, "key", "{\"n\":1}"))
                    .get(30, TimeUnit.SECONDS);
            producer.send(new ProducerRecord<>("from.kafka", 0, null, "plain text"))
                    .get(30, TimeUnit.SECONDS);
        }
        Curl.Answer page = curl.call("/v1/topics/from.kafka/partitions/0/records?offset=0");
        assertThat(page.status()).as(page.body()).isEqualTo(200);
        JsonNode records = page.json();
        assertThat(records.size()).isEqualTo(2);
        assertThat(records.get(0).required("offset").asLong()).isZero();
        assertThat(records.get(0).required("key").asString()).isEqualTo("key");
        assertThat(records.get(0).required("value").required("n").asInt()).isEqualTo(1);
        assertThat(records.get(1).required("value").asString()).isEqualTo("plain text");

        List<JsonNode> stream =
                curl.call("/v1/topics/from.kafka/records?from=earliest").ndjson();
        assertThat(stream).extracting(node -> node.required("offset").asLong()).containsExactly(0L, 1L);
        Curl.Answer raw =
                curl.call("/v1/topics/from.kafka/partitions/0/records/1", "-H", "Accept: application/octet-stream");
        assertThat(raw.body()).isEqualTo("plain text");
    }

    @Test
    void storesNdjsonEnvelopesInOrder() {
        String lines = """
                {"key":"a","value":{"n":1}}
                {"key":"b","value":"text","headers":{"h":"1"}}
                {"value":{"$binary":"AAH/"}}
                {"key":"c","value":null}
                """;
        Curl.Answer answer = curl.call(
                "/v1/topics/envelopes/records",
                utf8(lines),
                "--data-binary",
                "@-",
                "-H",
                "Content-Type: application/x-ndjson");
        assertThat(answer.ndjson())
                .as(answer.body())
                .extracting(node -> node.required("offset").asLong())
                .containsExactly(0L, 1L, 2L, 3L);
        List<ConsumerRecord<byte[], byte[]>> records = read("envelopes", 4);
        assertThat(records.get(0).value()).isEqualTo(utf8("{\"n\":1}"));
        // JSON is stored as its text, for keys as for values.
        assertThat(records.get(1).key()).isEqualTo(utf8("\"b\""));
        assertThat(records.get(1).value()).isEqualTo(utf8("\"text\""));
        assertThat(records.get(2).value()).isEqualTo(new byte[] {0, 1, (byte) 0xff});
        assertThat(records.get(3).value()).isNull();
    }

    private static void store(String topic, byte[] body, String... arguments) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--data-binary";
        all[arguments.length + 1] = "@-";
        Curl.Answer answer = curl.call("/v1/topics/" + topic + "/records", body, all);
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    }

    private static byte[] onlyValue(String topic) {
        return only(topic).value();
    }

    private static ConsumerRecord<byte[], byte[]> only(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = read(topic, 1);
        assertThat(records).hasSize(1);
        return records.get(0);
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
        try (KafkaConsumer<byte[], byte[]> consumer = Clients.bytesConsumer(brokers, Map.of())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            return Polling.atLeast(count, consumer);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
