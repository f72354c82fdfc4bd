package io.naru.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ReferenceKafkaIT {

    @Test
    void carriesARecordFromProducerToGroupAndLeavesNothingBehind() throws Exception {
        ReferenceKafka kafka = ReferenceKafka.start();
        try (kafka;
                KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new StringSerializer(),
                        new StringSerializer());
                KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers", kafka.bootstrapServers(),
                                "group.id", "g",
                                "group.protocol", "consumer",
                                "auto.offset.reset", "earliest"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            producer.send(new ProducerRecord<>("greetings", "key", "hello")).get(30, TimeUnit.SECONDS);
            consumer.subscribe(List.of("greetings"));
            ConsumerRecords<String, String> records = Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> consumer.poll(Duration.ofMillis(200)), polled -> !polled.isEmpty());
            assertThat(records).map(ConsumerRecord::value).containsExactly("hello");
            assertThat(kafka.logDirectory().resolve("greetings-0")).isDirectory();
        }
        assertThat(Files.exists(kafka.logDirectory().getParent())).isFalse();
    }
}
