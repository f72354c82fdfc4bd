package io.naru.system.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.system.program.Clients;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruNode;
import io.naru.testkit.NaruService;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.awaitility.Awaitility;

/**
 * Three brokers under two writers and two readers, for the tests of faults: each begins a topic of its own, with three replicas, two of
 * which must be in sync, breaks something, and {@link #healAndCheck}s.
 */
final class FaultCluster implements AutoCloseable {

    static final int PARTITIONS = 3;

    /** How long the clients may have to wait for an acknowledgement on a busy machine. */
    static final Duration PROGRESS = Duration.ofMinutes(1);

    private static final int WARM_UP_ACKS = 200;

    private final NaruCluster naru;
    private final EpochWatch epochs;
    private String topic = "";
    private Workload workload;

    FaultCluster(NaruCluster.Builder builder) {
        naru = builder.start();
        epochs = EpochWatch.start(
                naru.nodes(NaruService.ADMIN).stream().map(naru::httpUrl).toList());
    }

    /** What the tests of this package have in common. */
    static NaruCluster.Builder builder() {
        return NaruCluster.separateProcesses()
                .brokers(3)
                .restartable()
                .heapMb(160)
                .property("naru.broker.replica-lag-time-max", "5s");
    }

    NaruCluster naru() {
        return naru;
    }

    Workload workload() {
        return workload;
    }

    /** Makes the topic and lets writers and readers begin. */
    void begin(String name, Map<String, String> configs) throws Exception {
        topic = name;
        create(topic, configs);
        workload = Workload.start(naru, topic, PARTITIONS);
        workload.awaitAcks(WARM_UP_ACKS, PROGRESS);
        workload.startMeasuringSilence();
    }

    /** A topic with three replicas of each partition, two of which must be in sync. */
    void create(String name, Map<String, String> configs) throws Exception {
        Map<String, String> all = new HashMap<>(configs);
        all.put("min.insync.replicas", "2");
        try (Admin admin = Clients.admin(naru)) {
            admin.createTopics(List.of(new NewTopic(name, PARTITIONS, (short) 3).configs(all)))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
    }

    /** Starts what is down, waits until all are in sync, and holds the ledger against what is stored, replica by replica. */
    void healAndCheck(String what) throws Exception {
        try (Workload running = workload) {
            naru.restart();
            awaitInSync(3);
            running.awaitAcks(WARM_UP_ACKS, PROGRESS);
            assertThat(running.stopAndCheck()).isEmpty();
            assertThat(running.refusals()).as("given up by the clients").isEmpty();
        }
        ReplicaDiff.assertEqual(naru, topic, PARTITIONS);
        assertThat(epochs.violations()).isEmpty();
        System.err.printf(
                "%s: %d acknowledged, longest time without one %d ms%n",
                what, workload.acks(), workload.longestSilence().toMillis());
    }

    void awaitAcks(int count) {
        workload.awaitAcks(count, PROGRESS);
    }

    PartitionImage partition(int index) {
        return image().partition(topic, index).orElseThrow();
    }

    NaruNode leader() {
        return NaruNode.broker(partition(0).leader());
    }

    NaruNode aFollower() {
        PartitionImage partition = partition(0);
        return NaruNode.broker(partition.replicas().stream()
                .filter(id -> id != partition.leader())
                .findFirst()
                .orElseThrow());
    }

    private ClusterImage image() {
        return epochs.latest().orElseThrow();
    }

    /** Waits until the image has these topics. */
    void awaitTopics(String... names) {
        Awaitility.await(String.join(", ", names))
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(image().topics()).containsKeys(names));
    }

    /** Waits until all partitions have a leader and so many in sync. */
    void awaitInSync(int replicas) {
        Awaitility.await(replicas + " replicas in sync")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(
                                image().topic(topic).orElseThrow().partitions())
                        .allSatisfy(partition -> {
                            assertThat(partition.isr()).hasSize(replicas);
                            assertThat(partition.leader()).isNotEqualTo(PartitionImage.NO_LEADER);
                        }));
    }

    /** Waits until a broker is out of sync with every partition that it does not lead. */
    void awaitOutOfSync(int broker) {
        Awaitility.await("broker " + broker + " is out of sync")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(
                                image().topic(topic).orElseThrow().partitions())
                        .filteredOn(partition -> partition.leader() != broker)
                        .isNotEmpty()
                        .allSatisfy(partition -> assertThat(partition.isr()).doesNotContain(broker)));
    }

    @Override
    public void close() {
        epochs.close();
        naru.close();
    }
}
