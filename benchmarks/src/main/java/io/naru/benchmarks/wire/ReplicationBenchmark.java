package io.naru.benchmarks.wire;

import io.naru.benchmarks.Figures;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruService;
import io.naru.testkit.ReferenceKafkaCluster;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * ProducerPerformance with acks=all into a topic of one replica and one of three, of which two must be in sync: at three Naru brokers (and a
 * controller, a coordinator and a gateway, a JVM each) and at three Apache Kafka servers (broker and controller in a JVM each).
 */
@Command(
        name = "replication",
        description = "Three brokers: what three replicas cost, at Naru and at Apache Kafka.",
        mixinStandardHelpOptions = true)
public final class ReplicationBenchmark implements Callable<Integer> {

    private static final int BROKERS = 3;
    private static final List<String> JVM = List.of("-XX:TieredStopAtLevel=4");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--rounds", defaultValue = "3", description = "Counted rounds (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--warm-up", defaultValue = "1", description = "Rounds before that (${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(names = "--megabytes", defaultValue = "200", description = "What is sent each time (${DEFAULT-VALUE}).")
    private int megabytes;

    @Option(names = "--heap", defaultValue = "384", description = "Heap of each broker, MB (${DEFAULT-VALUE}).")
    private int heapMb;

    @Option(
            names = "--out",
            defaultValue = "benchmarks/target/replication.json",
            description = "Where every sample goes.")
    private Path out = Path.of("replication.json");

    private final Figures figures = new Figures();

    @Override
    public Integer call() throws Exception {
        PrintWriter console = spec.commandLine().getOut();
        Path directory = Files.createTempDirectory("naru-replication-");
        try (NaruCluster naru = NaruCluster.separateProcesses()
                        .brokers(BROKERS)
                        .heapMb(heapMb)
                        .jvmOption(JVM.get(0))
                        .start();
                ReferenceKafkaCluster kafka =
                        ReferenceKafkaCluster.start(BROKERS, Map.of(), List.of("-Xmx" + heapMb + "m", JVM.get(0)))) {
            console.println(naru.nodes(NaruService.BROKER).size() + " brokers of Naru, "
                    + kafka.processes().size() + " of Apache Kafka");
            for (int round = 1 - warmUp; round <= rounds; round++) {
                console.println(round < 1 ? "warming up" : "round " + round + " of " + rounds);
                console.flush();
                for (int size : new int[] {100, 1024}) {
                    measure("Naru", naru.bootstrapServers(), directory, size, round);
                    measure("Apache Kafka", kafka.bootstrapServers(), directory, size, round);
                }
            }
        }
        figures.print(console);
        figures.write(out);
        console.println("every sample: " + out.toAbsolutePath());
        return 0;
    }

    private void measure(String name, String bootstrap, Path directory, int size, int round) throws Exception {
        double one = produce(name, bootstrap, directory, size, 1, round);
        double three = produce(name, bootstrap, directory, size, BROKERS, round);
        if (round > 0) {
            figures.add(size + " B, three replicas to one", name, three / one);
        }
    }

    private double produce(String name, String bootstrap, Path directory, int size, int replicas, int round)
            throws Exception {
        String topic = "bench-" + size + "-" + replicas + "-" + (round + warmUp);
        KafkaTool.create(bootstrap, topic, BROKERS, replicas);
        double[] produced = KafkaTool.produce(bootstrap, topic, directory, megabytes * 1_000_000L / size, size);
        if (round > 0) {
            String of = size + " B, replicas " + replicas + ", ";
            figures.add(of + "records/s", name, produced[0]);
            figures.add(of + "p99 ms", name, produced[2]);
        }
        return produced[0];
    }
}
