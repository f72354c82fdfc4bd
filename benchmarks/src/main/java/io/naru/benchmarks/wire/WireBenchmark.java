package io.naru.benchmarks.wire;

import io.naru.benchmarks.Figures;
import io.naru.benchmarks.Usage;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruService;
import io.naru.testkit.ReferenceKafka;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.apache.kafka.tools.ConsumerPerformance;
import org.apache.kafka.tools.EndToEndLatency;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * ProducerPerformance, ConsumerPerformance and EndToEndLatency against Naru (all four services in one JVM) and against Apache Kafka
 * (broker and controller in one JVM), both on the JDK that runs this, with the same heap, collector and compiler. The first rounds
 * warm up and are not counted.
 */
@Command(
        name = "wire",
        description = "Kafka protocol: Naru and Apache Kafka, by Apache's own tools.",
        mixinStandardHelpOptions = true)
public final class WireBenchmark implements Callable<Integer> {

    /** start, end, MB, MB/s, records, records/s, rebalance ms, fetch ms, … */
    private static final Pattern CONSUMED =
            Pattern.compile("\\d{4}-.*?, .*?, ([\\d.]+), ([\\d.]+), ([\\d.]+), ([\\d.]+), (-?[\\d.]+), (-?[\\d.]+)");

    private static final Pattern LATENCY = Pattern.compile("Percentiles: 50th = (\\d+), 99th = (\\d+), 99.9th = \\d+");

    private static final List<String> JVM =
            List.of("-XX:TieredStopAtLevel=4", "-XX:-UseDynamicNumberOfCompilerThreads");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--rounds", defaultValue = "3", description = "Counted rounds (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--warm-up", defaultValue = "2", description = "Rounds before that (${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(
            names = "--megabytes",
            defaultValue = "300",
            description = "What is sent and read each time (${DEFAULT-VALUE}).")
    private int megabytes;

    @Option(names = "--heap", defaultValue = "512", description = "Heap of each server, MB (${DEFAULT-VALUE}).")
    private int heapMb;

    @Option(names = "--out", defaultValue = "benchmarks/target/wire.json", description = "Where every sample goes.")
    private Path out = Path.of("wire.json");

    private final Figures figures = new Figures();

    private static final Duration IDLE = Duration.ofSeconds(20);

    private record Server(String name, String bootstrap, long pid) {}

    @Override
    public Integer call() throws Exception {
        PrintWriter console = spec.commandLine().getOut();
        Path directory = Files.createTempDirectory("naru-wire-");
        try (NaruCluster naru = NaruCluster.standalone()
                        .heapMb(heapMb)
                        .jvmOption(JVM.get(0))
                        .jvmOption(JVM.get(1))
                        .property("naru.coordinator.group.classic.initial-rebalance-delay", "0s")
                        .start();
                ReferenceKafka kafka =
                        ReferenceKafka.start(Map.of(), List.of("-Xmx" + heapMb + "m", JVM.get(0), JVM.get(1)))) {
            List<Server> servers = List.of(
                    new Server(
                            "Naru",
                            naru.bootstrapServers(),
                            naru.processOf(NaruService.BROKER).pid()),
                    new Server(
                            "Apache Kafka",
                            kafka.bootstrapServers(),
                            kafka.process().pid()));
            for (int round = 1 - warmUp; round <= rounds; round++) {
                console.println(round < 1 ? "warming up" : "round " + round + " of " + rounds);
                console.flush();
                for (Server server : servers) {
                    for (int size : new int[] {100, 1024}) {
                        produceAndConsume(server, directory, size, round);
                    }
                    latency(server, directory, round);
                }
            }
            for (Server server : servers) {
                idle(server);
            }
            for (Server server : servers) {
                figures.add(
                        "memory at most, MB",
                        server.name(),
                        Usage.of(server.pid()).peakBytes() / 1e6);
            }
        }
        figures.print(console);
        figures.write(out);
        console.println("every sample: " + out.toAbsolutePath());
        return 0;
    }

    private void produceAndConsume(Server server, Path directory, int size, int round) throws Exception {
        String topic = "bench-" + size + "-" + (round + warmUp);
        KafkaTool.create(server.bootstrap(), topic, 1, 1);
        long records = megabytes * 1_000_000L / size;
        Usage before = Usage.of(server.pid());
        double[] produced = KafkaTool.produce(server.bootstrap(), topic, directory, records, size);
        Usage between = Usage.of(server.pid());
        double[] consumed = KafkaTool.run(
                ConsumerPerformance.class,
                directory,
                CONSUMED,
                "--bootstrap-server",
                server.bootstrap(),
                "--topic",
                topic,
                "--num-records",
                Long.toString(records),
                "--timeout",
                "60000");
        Usage after = Usage.of(server.pid());
        double gigabytes = records * (double) size / 1e9;
        String of = size + " B, ";
        if (round == 1 - warmUp) {
            figures.add("first produce " + of + "server CPU s/GB", server.name(), seconds(before, between) / gigabytes);
            figures.add("first consume " + of + "server CPU s/GB", server.name(), seconds(between, after) / gigabytes);
        }
        if (round < 1) {
            return;
        }
        figures.add("produce " + of + "records/s", server.name(), produced[0]);
        figures.add("produce " + of + "p99 ms", server.name(), produced[2]);
        figures.add("produce " + of + "server CPU s/GB", server.name(), seconds(before, between) / gigabytes);
        figures.add(
                "  of it JIT compiler, produce " + size + " B", server.name(), compiler(before, between) / gigabytes);
        // Without the time in which the group forms.
        figures.add("consume " + of + "records/s", server.name(), consumed[2] / (consumed[5] / 1000));
        figures.add("consume " + of + "server CPU s/GB", server.name(), seconds(between, after) / gigabytes);
        figures.add(
                "  of it JIT compiler, consume " + size + " B", server.name(), compiler(between, after) / gigabytes);
    }

    private void latency(Server server, Path directory, int round) throws Exception {
        String topic = "latency-" + (round + warmUp);
        KafkaTool.create(server.bootstrap(), topic, 1, 1);
        double[] percentiles = KafkaTool.run(
                EndToEndLatency.class, directory, LATENCY, server.bootstrap(), topic, "5000", "all", "100");
        if (round > 0) {
            figures.add("end to end p50 ms", server.name(), percentiles[0]);
            figures.add("end to end p99 ms", server.name(), percentiles[1]);
        }
    }

    /** What the server uses when nobody asks anything of it: part of every figure above, for as long as that took. */
    private void idle(Server server) throws InterruptedException {
        Usage before = Usage.of(server.pid());
        Thread.sleep(IDLE.toMillis());
        Usage after = Usage.of(server.pid());
        double share = 100.0 / (IDLE.toMillis() / 1000.0);
        figures.add("idle, % of a processor", server.name(), share * seconds(before, after));
        figures.add("  of it JIT compiler, idle", server.name(), share * compiler(before, after));
    }

    private static double seconds(Usage before, Usage after) {
        return after.cpu().minus(before.cpu()).toMillis() / 1000.0;
    }

    private static double compiler(Usage before, Usage after) {
        return after.compilerCpu().minus(before.compilerCpu()).toMillis() / 1000.0;
    }
}
