package io.naru.system.notes;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.testkit.NaruCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class KafkaNotesIT {

    private static NaruCluster naru;

    @BeforeAll
    static void start() throws Exception {
        naru = NaruCluster.standalone()
                .property("naru.coordinator.group.classic.initial-rebalance-delay", "0ms")
                .start();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", naru.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("test", 1, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    @AfterAll
    static void stop() {
        naru.close();
    }

    @Test
    void simpleProducerAndConsumerWithExactPartition() {
        SimpleProducer.run(naru.bootstrapServers());
        List<ConsumerRecord<String, String>> read = ConsumerWithExactPartition.run(naru.bootstrapServers(), 1);
        assertThat(read).extracting(ConsumerRecord::value).contains("testMessage");
    }

    @Test
    void producerWithAsyncCallback() {
        ProducerCallback callback = ProducerWithAsyncCallback.run(naru.bootstrapServers());
        assertThat(callback.written).singleElement().satisfies((RecordMetadata written) -> {
            assertThat(written.topic()).isEqualTo("test");
            assertThat(written.hasOffset()).isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void consumerWithRebalanceListenerAndSafeShutdown(String protocol) throws Exception {
        SimpleProducer.run(naru.bootstrapServers());
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", naru.bootstrapServers()))) {
            // The group of the other protocol has ended; its offsets stay where they are.
            ConsumerWithRebalanceListener program =
                    new ConsumerWithRebalanceListener(naru.bootstrapServers(), protocol);
            Thread thread = new Thread(program, "program");
            thread.start();
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !program.values.isEmpty());
            program.shutdown();
            thread.join(20_000);
            assertThat(thread.isAlive()).isFalse();
            assertThat(program.events).containsExactly("assigned 1", "revoked 1");
            assertThat(admin.describeConsumerGroups(List.of(ConsumerWithRebalanceListener.GROUP_ID))
                            .all()
                            .get(30, TimeUnit.SECONDS)
                            .get(ConsumerWithRebalanceListener.GROUP_ID)
                            .members())
                    .as("closing leaves at once")
                    .isEmpty();
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(
                            ConsumerWithRebalanceListener.GROUP_ID)
                    .partitionsToOffsetAndMetadata()
                    .get(30, TimeUnit.SECONDS);
            assertThat(committed.get(new TopicPartition("test", 0)).offset()).isPositive();
        }
    }

    @Test
    void kafkaAdminClient() throws Exception {
        assertThat(KafkaAdminClient.run(naru.bootstrapServers()))
                .contains("topic test", "test has 1 partitions")
                .anyMatch(line -> line.startsWith("num.partitions "))
                .anyMatch(line -> line.startsWith("config log.segment.bytes = ") || line.startsWith("config "));
    }
}
