package io.naru.benchmarks.fanout;

import io.naru.benchmarks.Figures;
import io.naru.benchmarks.Usage;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruService;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * One producer, many followers by server-sent events. Says whether each follower got every record once and in order, how far behind they
 * were, and what the server (all four services in one JVM) used.
 */
@Command(
        name = "fanout",
        description = "HTTP: many followers of one topic, by server-sent events.",
        mixinStandardHelpOptions = true)
public final class FanoutBenchmark implements Callable<Integer> {

    private static final String TOPIC = "fanout";
    private static final int VALUE_BYTES = 100;
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--followers", defaultValue = "1000", description = "Followers (${DEFAULT-VALUE}).")
    private int followers;

    @Option(names = "--rate", defaultValue = "1000", description = "Records a second (${DEFAULT-VALUE}).")
    private int rate;

    @Option(names = "--seconds", defaultValue = "30", description = "How long records are sent (${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--heap", defaultValue = "256", description = "Heap of the server, MB (${DEFAULT-VALUE}).")
    private int heapMb;

    @Option(names = "--out", defaultValue = "benchmarks/target/fanout.json", description = "Where the figures go.")
    private Path out = Path.of("fanout.json");

    private volatile boolean allSent;

    @Override
    public Integer call() throws Exception {
        PrintWriter console = spec.commandLine().getOut();
        long count = (long) rate * seconds;
        try (NaruCluster naru = NaruCluster.standalone()
                        .heapMb(heapMb)
                        .jvmOption("-XX:TieredStopAtLevel=4")
                        .start();
                KafkaProducer<byte[], byte[]> producer = producer(naru)) {
            long pid = naru.processOf(NaruService.GATEWAY).pid();
            producer.partitionsFor(TOPIC);
            try (Followers all = new Followers(naru.gatewayUrl(), TOPIC, followers)) {
                all.readUntil(all::areOpen);
                console.println(followers + " followers; " + rate + " records/s for " + seconds + " s");
                console.flush();
                Usage before = Usage.of(pid);
                long begun = System.nanoTime();
                Thread sender = new Thread(() -> send(producer, count), "sender");
                sender.start();
                all.readUntil(() -> (allSent && all.records() >= count * followers)
                        || System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(seconds) + PATIENCE_NANOS
                        || all.ended() == followers);
                if (!naru.processOf(NaruService.GATEWAY).isAlive()) {
                    throw new IllegalStateException("the server has ended" + naru.logTails());
                }
                double took = (System.nanoTime() - begun) / 1e9;
                sender.join();
                report(console, all, count, took, before, Usage.of(pid));
            }
        }
        return 0;
    }

    private void report(PrintWriter console, Followers all, long count, double took, Usage before, Usage after)
            throws IOException {
        double cpu = (after.cpu().toMillis() - before.cpu().toMillis()) / 1e3;
        Figures figures = new Figures();
        figures.add("records wanted, all followers", "Naru", (double) count * followers);
        figures.add("records delivered", "Naru", (double) all.records());
        figures.add("fewest of a follower", "Naru", (double) all.fewest());
        figures.add("out of order, twice or left out", "Naru", (double) all.wrong());
        figures.add("connections ended early", "Naru", (double) all.ended());
        figures.add("seconds until all had all", "Naru", took);
        figures.add("deliveries/s", "Naru", all.records() / took);
        figures.add("producer to follower, p50 ms", "Naru", all.latencies().percentile(0.5));
        figures.add("producer to follower, p99 ms", "Naru", all.latencies().percentile(0.99));
        figures.add("server CPU, s", "Naru", cpu);
        figures.add("server CPU, cores", "Naru", cpu / took);
        figures.add("server CPU per million deliveries, s", "Naru", cpu / (all.records() / 1e6));
        figures.add("server memory at most, MB", "Naru", after.peakBytes() / 1e6);
        figures.print(console);
        figures.write(out);
        boolean exact = all.records() == count * followers && all.fewest() == count && all.wrong() == 0;
        console.println(exact ? "every follower got every record once, in order" : "NOT every follower got everything");
        console.println("every figure: " + out.toAbsolutePath());
    }

    /** Sends at an even pace: what is due goes out every few milliseconds. */
    private void send(KafkaProducer<byte[], byte[]> producer, long count) {
        long begun = System.nanoTime();
        for (long sent = 0; sent < count; ) {
            long due = Math.min(count, (System.nanoTime() - begun) * rate / 1_000_000_000L + 1);
            for (; sent < due; sent++) {
                producer.send(new ProducerRecord<>(TOPIC, 0, null, value()));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
        producer.flush();
        allSent = true;
    }

    private static byte[] value() {
        StringBuilder value = new StringBuilder(VALUE_BYTES)
                .append("{\"sent\":")
                .append(System.nanoTime())
                .append(",\"pad\":\"");
        while (value.length() < VALUE_BYTES - 2) {
            value.append('x');
        }
        return value.append("\"}").toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static KafkaProducer<byte[], byte[]> producer(NaruCluster naru) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        naru.bootstrapServers(),
                        "acks",
                        "all",
                        "linger.ms",
                        "1",
                        "delivery.timeout.ms",
                        "30000",
                        "request.timeout.ms",
                        "10000"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
