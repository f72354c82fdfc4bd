package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.system.program.Clients;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Configs that are set while the broker runs are in force, without a restart, and after one. */
@Timeout(240)
class DynamicConfigIT {

    private static final ConfigResource ALL_BROKERS = new ConfigResource(ConfigResource.Type.BROKER, "");
    private static final ConfigResource BROKER = new ConfigResource(ConfigResource.Type.BROKER, "1");
    private static final Duration LONG = Duration.ofSeconds(60);

    private static NaruCluster naru;
    private static Admin admin;

    @BeforeAll
    static void start() {
        naru = NaruCluster.standalone()
                .property("naru.broker.configs.log.index.interval.bytes", "5000")
                .restartable()
                .start();
        admin = Clients.admin(naru);
    }

    @AfterAll
    static void stop() {
        admin.close();
        naru.close();
    }

    private static <T> T get(KafkaFuture<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }

    private static void set(ConfigResource resource, String name, String value) throws Exception {
        OpType type = value.isEmpty() ? OpType.DELETE : OpType.SET;
        Map<ConfigResource, Collection<AlterConfigOp>> wanted =
                Map.of(resource, List.of(new AlterConfigOp(new ConfigEntry(name, value), type)));
        get(admin.incrementalAlterConfigs(wanted).all());
    }

    private static TopicPartition create(String topic, Map<String, String> configs) throws Exception {
        get(admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(configs)))
                .all());
        return new TopicPartition(topic, 0);
    }

    private static void write(TopicPartition partition, int valueBytes) throws Exception {
        try (KafkaProducer<String, String> producer = Clients.producer(naru, Map.of())) {
            producer.send(new ProducerRecord<>(partition.topic(), 0, "k", "v".repeat(valueBytes)))
                    .get();
        }
    }

    private static long earliest(TopicPartition partition) throws Exception {
        return get(admin.listOffsets(Map.of(partition, OffsetSpec.earliest())).all())
                .get(partition)
                .offset();
    }

    @Test
    void topicsFollowTheDefaultsOfAllBrokersUnlessTheySetTheirOwn() throws Exception {
        TopicPartition follows = create("follows", Map.of());
        TopicPartition own = create("own", Map.of("retention.ms", "-1"));
        write(follows, 10);
        write(own, 10);
        set(ALL_BROKERS, "log.roll.ms", "1");
        set(ALL_BROKERS, "log.retention.ms", "1");
        try {
            Awaitility.await().atMost(LONG).until(() -> earliest(follows) == 1);
            assertThat(earliest(own)).isZero();
        } finally {
            set(ALL_BROKERS, "log.roll.ms", "");
            set(ALL_BROKERS, "log.retention.ms", "");
        }
    }

    @Test
    void oneBrokersValueCountsBeforeThatOfAll() throws Exception {
        TopicPartition partition = create("sized", Map.of());
        set(ALL_BROKERS, "message.max.bytes", "100000");
        set(BROKER, "message.max.bytes", "500");
        Awaitility.await()
                .atMost(LONG)
                .untilAsserted(() -> assertThatThrownBy(() -> write(partition, 2000))
                        .hasCauseInstanceOf(RecordTooLargeException.class));
        set(BROKER, "message.max.bytes", "");
        write(partition, 2000);
        set(ALL_BROKERS, "message.max.bytes", "");
    }

    @Test
    void connectionsFromOneAddressAreCountedByTheNewLimit() throws Exception {
        String address = naru.bootstrapServers();
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        List<Socket> sockets = new ArrayList<>();
        set(BROKER, "max.connections.per.ip", "12");
        try {
            Awaitility.await().atMost(LONG).until(() -> {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                sockets.add(socket);
                socket.setSoTimeout(200);
                try {
                    return socket.getInputStream().read() < 0;
                } catch (SocketTimeoutException stillOpen) {
                    return false;
                }
            });
            assertThat(sockets).hasSizeBetween(2, 13);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
            Awaitility.await().atMost(LONG).ignoreExceptions().until(() -> {
                set(BROKER, "max.connections.per.ip", "");
                return true;
            });
        }
    }

    /** Threads begin with requests until there are as many as may be, and those too many end when they are idle. */
    @Test
    void requestsAreHandledByAsManyThreadsAsAreSet() throws Exception {
        set(BROKER, "num.io.threads", "21");
        Awaitility.await().atMost(LONG).until(() -> {
            get(admin.listTopics().names());
            return workers() == 21;
        });
        set(BROKER, "num.io.threads", "2");
        Awaitility.await().atMost(LONG).until(() -> {
            get(admin.listTopics().names());
            return workers() <= 2;
        });
        set(BROKER, "num.io.threads", "");
    }

    /** As the kernel counts them; it keeps fifteen characters of a name. */
    private static long workers() throws IOException {
        long pid = naru.processOf(NaruService.BROKER).pid();
        long count = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path thread : threads) {
                count += Files.readString(thread.resolve("comm")).startsWith("broker-worker") ? 1 : 0;
            }
        }
        return count;
    }

    @Test
    void silentProducersAreForgottenSooner() throws Exception {
        TopicPartition partition = create("producers", Map.of());
        write(partition, 10);
        assertThat(get(admin.describeProducers(List.of(partition)).partitionResult(partition))
                        .activeProducers())
                .hasSize(1);
        set(ALL_BROKERS, "producer.id.expiration.ms", "100");
        Awaitility.await()
                .atMost(LONG)
                .until(() -> get(admin.describeProducers(List.of(partition)).partitionResult(partition))
                        .activeProducers()
                        .isEmpty());
        set(ALL_BROKERS, "producer.id.expiration.ms", "");
    }

    @Test
    void whatWasSetIsThereAfterARestartAndWhatWasToldAtTheStartIsShown() throws Exception {
        set(ALL_BROKERS, "log.flush.interval.messages", "7");
        set(BROKER, "num.io.threads", "3");
        admin.close();
        naru.restart();
        admin = Clients.admin(naru);
        Map<String, ConfigEntry> entries = new HashMap<>();
        get(admin.describeConfigs(List.of(BROKER)).all())
                .get(BROKER)
                .entries()
                .forEach(entry -> entries.put(entry.name(), entry));
        assertThat(entries.get("log.flush.interval.messages").value()).isEqualTo("7");
        assertThat(entries.get("num.io.threads").source()).isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_BROKER_CONFIG);
        assertThat(entries.get("log.index.interval.bytes").value()).isEqualTo("5000");
        assertThat(entries.get("log.index.interval.bytes").source())
                .isEqualTo(ConfigEntry.ConfigSource.STATIC_BROKER_CONFIG);
        set(BROKER, "num.io.threads", "");
        set(ALL_BROKERS, "log.flush.interval.messages", "");
    }
}
