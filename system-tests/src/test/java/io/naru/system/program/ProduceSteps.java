package io.naru.system.program;

import io.naru.testkit.KafkaEndpoint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * Idempotent producers with every codec: keys, null keys, null and empty values, long values, repeated and null
 * headers; then every record read back.
 */
public final class ProduceSteps {
    /** The codecs that kafka-clients know. */
    public static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");

    /** How many records each codec's topic holds. */
    public static final int RECORDS = 60;

    static final int PARTITIONS = 3;

    private final KafkaEndpoint endpoint;
    private final Transcript transcript;
    private final long baseTimestamp;

    /** Steps that note into {@code transcript}; see {@link ClientProgram#run}. */
    public ProduceSteps(KafkaEndpoint endpoint, Transcript transcript, long baseTimestamp) {
        this.endpoint = endpoint;
        this.transcript = transcript;
        this.baseTimestamp = baseTimestamp;
    }

    /** The topic that holds what was sent with {@code codec}. */
    public static String topic(String codec) {
        return "codec." + codec;
    }

    /** Writes {@link #RECORDS} records with each codec into {@link #PARTITIONS} partitions, and reads them back. */
    public void run() throws Exception {
        try (Admin admin = Clients.admin(endpoint)) {
            List<NewTopic> topics = CODECS.stream()
                    .map(codec -> new NewTopic(topic(codec), PARTITIONS, (short) 1))
                    .toList();
            AdminSteps.get(admin.createTopics(topics).all());
        }
        for (String codec : CODECS) {
            produce(codec);
            readBack(codec);
        }
        createdOnFirstUse();
        unacknowledged();
    }

    private void produce(String codec) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = Clients.bytesProducer(
                endpoint, Map.of("compression.type", codec, "linger.ms", 20, "batch.size", 4096))) {
            for (int i = 0; i < RECORDS; i++) {
                sent.add(producer.send(record(topic(codec), i)));
            }
            producer.flush();
        }
        for (int i = 0; i < sent.size(); i++) {
            RecordMetadata stored = sent.get(i).get(30, TimeUnit.SECONDS);
            transcript.note(
                    codec + " sent " + i,
                    stored.partition() + "@" + stored.offset() + " ts=" + (stored.timestamp() - baseTimestamp) + " key="
                            + stored.serializedKeySize() + " value=" + stored.serializedValueSize());
        }
    }

    /** A record whose every part follows from its number. */
    private ProducerRecord<byte[], byte[]> record(String topic, int i) {
        boolean keyed = i % 4 != 0;
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic, keyed ? null : i % PARTITIONS, baseTimestamp + i, keyed ? utf8("key-" + i % 7) : null, value(i));
        if (i % 3 == 0) {
            record.headers()
                    .add("n", utf8(Integer.toString(i)))
                    .add("n", utf8("again"))
                    .add("nothing", null);
        }
        return record;
    }

    private static byte[] value(int i) {
        return switch (i % 5) {
            case 0 -> null;
            case 1 -> new byte[0];
            case 2 -> utf8("나루 " + i);
            case 3 -> new byte[] {(byte) 0xff, 0, (byte) 0xfe, (byte) i};
            default -> utf8("long ".repeat(2_000) + i);
        };
    }

    private void readBack(String codec) {
        Map<Integer, List<String>> byPartition = new TreeMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = Clients.bytesConsumer(endpoint, Map.of("check.crcs", true))) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                partitions.add(new TopicPartition(topic(codec), partition));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            for (ConsumerRecord<byte[], byte[]> record : Polling.atLeast(RECORDS, consumer)) {
                byPartition
                        .computeIfAbsent(record.partition(), p -> new ArrayList<>())
                        .add(show(record));
            }
        }
        byPartition.forEach((partition, records) -> transcript.note(codec + " read " + partition, records));
    }

    private String show(ConsumerRecord<byte[], byte[]> record) {
        List<String> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(header.key() + "=" + Arrays.toString(header.value()));
        }
        byte[] value = record.value();
        String shown = value == null ? "null" : value.length + "#" + Arrays.hashCode(value);
        return record.offset() + " " + record.timestampType() + "+" + (record.timestamp() - baseTimestamp) + " "
                + Arrays.toString(record.key()) + " " + shown + " " + headers + " epoch="
                + record.leaderEpoch().isPresent();
    }

    private void createdOnFirstUse() {
        try (KafkaProducer<String, String> producer = Clients.producer(endpoint, Map.of())) {
            transcript.noteOutcome("created on first use", () -> {
                RecordMetadata stored = producer.send(new ProducerRecord<>("first.use", "hello"))
                        .get(30, TimeUnit.SECONDS);
                return stored.partition() + "@" + stored.offset();
            });
            transcript.note(
                    "its partitions", producer.partitionsFor("first.use").size());
        }
    }

    /** acks=0 tells the offset −1 and still stores, acks=1 tells where. */
    private void unacknowledged() throws Exception {
        for (String acks : List.of("0", "1")) {
            String topic = "acks." + acks;
            try (KafkaProducer<String, String> producer =
                            Clients.producer(endpoint, Map.of("acks", acks, "enable.idempotence", false));
                    KafkaConsumer<String, String> consumer = Clients.consumer(endpoint, Map.of())) {
                producer.partitionsFor(topic);
                RecordMetadata stored =
                        producer.send(new ProducerRecord<>(topic, 0, "k", "v")).get(30, TimeUnit.SECONDS);
                transcript.note("acks=" + acks, stored.hasOffset() ? stored.offset() : "no offset");
                consumer.assign(List.of(new TopicPartition(topic, 0)));
                transcript.note(
                        "stored with acks=" + acks,
                        Polling.atLeast(1, consumer).get(0).value());
            }
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
