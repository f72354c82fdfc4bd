package io.naru.benchmarks.failover;

import io.naru.benchmarks.Figures;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruNode;
import io.naru.testkit.NaruService;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Three brokers, two admin-services on PostgreSQL, two coordinators, all with their default settings: kills a leader, the controller, a
 * coordinator with SIGKILL, time after time, and measures until genuine Kafka clients with their default settings get on.
 */
@Command(
        name = "failover",
        description = "How long clients wait when a leader, the controller or a coordinator is killed.",
        mixinStandardHelpOptions = true)
public final class FailoverBenchmark implements Callable<Integer> {

    private static final String TOPIC = "failover";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final String GROUP = "failover";
    private static final String NARU = "Naru";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--rounds", defaultValue = "10", description = "How often each is killed (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--kill",
            split = ",",
            defaultValue = "leader,controller,coordinator",
            description = "What is killed (${DEFAULT-VALUE}).")
    private List<String> roles = List.of();

    @Option(names = "--heap", defaultValue = "192", description = "Heap of each process, MB (${DEFAULT-VALUE}).")
    private int heapMb;

    @Option(names = "--out", defaultValue = "benchmarks/target/failover.json", description = "Where every sample goes.")
    private Path out = Path.of("failover.json");

    private final Figures figures = new Figures();

    @Override
    public Integer call() throws Exception {
        PrintWriter console = spec.commandLine().getOut();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
                NaruCluster naru = NaruCluster.separateProcesses()
                        .brokers(3)
                        .instances(NaruService.ADMIN, 2)
                        .instances(NaruService.COORDINATOR, 2)
                        .property("naru.admin.database.url", postgres.getJdbcUrl("postgres", "postgres"))
                        .property("naru.admin.database.username", "postgres")
                        .heapMb(heapMb)
                        .restartable()
                        .start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", naru.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 3).configs(Map.of("min.insync.replicas", "2"))))
                    .all()
                    .get();
            for (int round = 1; round <= rounds; round++) {
                for (String role : roles) {
                    awaitWell(admin);
                    measure(role, naru, admin, round);
                }
                console.printf(
                        "round %d of %d, load %.1f%n",
                        round,
                        rounds,
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
                console.flush();
            }
        }
        figures.print(console);
        figures.write(out);
        console.println("every sample: " + out.toAbsolutePath());
        return 0;
    }

    private void measure(String role, NaruCluster naru, Admin admin, int round) throws Exception {
        switch (role) {
            case "leader" -> leader(naru, admin);
            case "controller" -> controller(naru, "made-" + round);
            case "coordinator" -> coordinator(naru, admin);
            default -> throw new IllegalArgumentException("nobody is called " + role);
        }
    }

    /** From the death of a leader to the first acknowledgement of a record that was sent after it. */
    private void leader(NaruCluster naru, Admin admin) throws Exception {
        try (SteadyWrites writes = new SteadyWrites(naru.bootstrapServers(), PARTITION)) {
            writes.awaitAckOfWhatIsSentFrom(System.nanoTime(), PATIENCE);
            NaruNode leader = NaruNode.broker(
                    description(admin).partitions().get(0).leader().id());
            naru.kill9(leader);
            long dead = System.nanoTime();
            note("leader killed: next acknowledged write, ms", writes.awaitAckOfWhatIsSentFrom(dead, PATIENCE) - dead);
            naru.restart(leader);
        }
    }

    /** From the death of the controller to another one, and to the next topic that an AdminClient makes. */
    private void controller(NaruCluster naru, String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", naru.bootstrapServers()))) {
            admin.describeCluster().nodes().get();
            NaruNode controller = naru.controller().orElseThrow();
            naru.kill9(controller);
            long dead = System.nanoTime();
            Thread taken = new Thread(() -> {
                until(() -> naru.controller().isPresent());
                note("controller killed: another is ready, ms", System.nanoTime() - dead);
            });
            taken.start();
            until(() -> {
                admin.createTopics(List.of(new NewTopic(topic, 1, (short) 3)))
                        .all()
                        .get();
                return true;
            });
            note("controller killed: next topic made, ms", System.nanoTime() - dead);
            taken.join();
            naru.restart(controller);
        }
    }

    /** From the death of a coordinator to the next commit of a group that it had. */
    private void coordinator(NaruCluster naru, Admin admin) throws Exception {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", naru.bootstrapServers(), "group.id", GROUP),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(PARTITION));
            Map<TopicPartition, OffsetAndMetadata> offsets = Map.of(PARTITION, new OffsetAndMetadata(0));
            until(() -> {
                consumer.commitSync(offsets);
                return true;
            });
            int port = Objects.requireNonNull(admin.describeConsumerGroups(List.of(GROUP))
                            .all()
                            .get()
                            .get(GROUP))
                    .coordinator()
                    .port();
            NaruNode coordinator = naru.nodes(NaruService.COORDINATOR).stream()
                    .filter(node -> naru.runFile(node).kafkaPort() == port)
                    .findFirst()
                    .orElseThrow();
            naru.kill9(coordinator);
            long dead = System.nanoTime();
            until(() -> {
                consumer.commitSync(offsets);
                return true;
            });
            note("coordinator killed: next commit, ms", System.nanoTime() - dead);
            naru.restart(coordinator);
        }
    }

    private synchronized void note(String figure, long nanos) {
        figures.add(figure, NARU, nanos / 1e6);
    }

    /** Tries again, at once, whatever Kafka says. */
    private static void until(Callable<Boolean> done) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            try {
                if (done.call()) {
                    return;
                }
            } catch (KafkaException | java.util.concurrent.ExecutionException again) {
                LockSupport.parkNanos(PAUSE_NANOS);
                continue;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        throw new IllegalStateException("nothing within " + PATIENCE);
    }

    private static TopicDescription description(Admin admin) throws Exception {
        return Objects.requireNonNull(
                admin.describeTopics(List.of(TOPIC)).allTopicNames().get().get(TOPIC));
    }

    /** All replicas are in sync. */
    private static void awaitWell(Admin admin) {
        until(() -> description(admin).partitions().get(0).isr().size() == 3);
    }
}
