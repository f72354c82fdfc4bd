package io.naru.system.program;

import io.naru.testkit.KafkaEndpoint;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Genuine Kafka clients with the settings that all tests share; the caller's settings come on top. */
public final class Clients {
    private static final Map<String, Object> PRODUCER = Map.of(
            "acks", "all",
            "enable.idempotence", true,
            "delivery.timeout.ms", 60_000,
            "request.timeout.ms", 10_000,
            "max.block.ms", 30_000);

    private static final Map<String, Object> CONSUMER = Map.of(
            "auto.offset.reset",
            "earliest",
            "enable.auto.commit",
            false,
            "default.api.timeout.ms",
            30_000,
            "request.timeout.ms",
            10_000);

    private Clients() {}

    /** An idempotent producer of text. */
    public static KafkaProducer<String, String> producer(KafkaEndpoint endpoint, Map<String, Object> settings) {
        return new KafkaProducer<>(with(endpoint, PRODUCER, settings), new StringSerializer(), new StringSerializer());
    }

    /** An idempotent producer of bytes. */
    public static KafkaProducer<byte[], byte[]> bytesProducer(KafkaEndpoint endpoint, Map<String, Object> settings) {
        return new KafkaProducer<>(
                with(endpoint, PRODUCER, settings), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** A consumer of text that starts at the earliest record and commits only when told. */
    public static KafkaConsumer<String, String> consumer(KafkaEndpoint endpoint, Map<String, Object> settings) {
        return new KafkaConsumer<>(
                with(endpoint, CONSUMER, settings), new StringDeserializer(), new StringDeserializer());
    }

    /** A consumer of bytes that starts at the earliest record and commits only when told. */
    public static KafkaConsumer<byte[], byte[]> bytesConsumer(KafkaEndpoint endpoint, Map<String, Object> settings) {
        return new KafkaConsumer<>(
                with(endpoint, CONSUMER, settings), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** A member of {@code group} by the protocol of KIP-848. */
    public static KafkaConsumer<String, String> member(KafkaEndpoint endpoint, String group) {
        return consumer(endpoint, Map.of("group.id", group, "group.protocol", "consumer"));
    }

    /** An admin client. */
    public static Admin admin(KafkaEndpoint endpoint) {
        return Admin.create(
                with(endpoint, Map.of("default.api.timeout.ms", 30_000, "request.timeout.ms", 10_000), Map.of()));
    }

    private static Map<String, Object> with(
            KafkaEndpoint endpoint, Map<String, Object> defaults, Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(defaults);
        all.put("bootstrap.servers", endpoint.bootstrapServers());
        all.putAll(settings);
        return all;
    }
}
