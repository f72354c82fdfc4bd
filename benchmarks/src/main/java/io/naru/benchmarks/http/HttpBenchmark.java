package io.naru.benchmarks.http;

import io.naru.benchmarks.Figures;
import io.naru.benchmarks.Usage;
import io.naru.testkit.ChildProcess;
import io.naru.testkit.JavaCommand;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruService;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The gateway (all four services in one JVM, records on disk, acks=all) beside a servlet that does nothing, on the same Tomcat, JDK,
 * heap, collector and compiler, under the same load. The first round warms up and is not counted.
 */
@Command(
        name = "http",
        description = "HTTP: the gateway and a do-nothing servlet, by wrk.",
        mixinStandardHelpOptions = true)
public final class HttpBenchmark implements Callable<Integer> {

    private static final int RECORD_BYTES = 100;
    private static final int BATCH = 100;
    private static final int PAGE = 1000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--rounds", defaultValue = "3", description = "Counted rounds (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "5", description = "Length of each measurement (${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--heap", defaultValue = "256", description = "Heap of each server, MB (${DEFAULT-VALUE}).")
    private int heapMb;

    @Option(names = "--processes", description = "Naru as four processes instead of one.")
    private boolean processes;

    @Option(names = "--out", defaultValue = "benchmarks/target/http.json", description = "Where every sample goes.")
    private Path out = Path.of("http.json");

    private final Figures figures = new Figures();

    @Override
    public Integer call() throws Exception {
        PrintWriter console = spec.commandLine().getOut();
        Path directory = Files.createTempDirectory("naru-http-");
        NaruCluster.Builder builder = processes ? NaruCluster.separateProcesses() : NaruCluster.standalone();
        try (NaruCluster naru = builder.heapMb(heapMb)
                        .jvmOption("-XX:TieredStopAtLevel=4")
                        .start();
                ChildProcess plain = plain(directory)) {
            String gateway = naru.gatewayUrl().toString();
            String ceiling = "http://127.0.0.1:" + port(directory, plain);
            for (int round = 0; round <= rounds; round++) {
                console.println(round == 0 ? "warming up" : "round " + round + " of " + rounds);
                console.flush();
                single(round, "Naru", directory, gateway);
                single(round, "plain servlet", directory, ceiling);
                batches(round, "Naru", directory, gateway);
                batches(round, "plain servlet", directory, ceiling);
                read(round, directory, gateway);
            }
            long pid = naru.processOf(NaruService.GATEWAY).pid();
            figures.add("memory at most, MB", "Naru", Usage.of(pid).peakBytes() / 1e6);
            figures.add(
                    "memory at most, MB", "plain servlet", Usage.of(plain.pid()).peakBytes() / 1e6);
        }
        figures.print(console);
        figures.write(out);
        console.println("every sample: " + out.toAbsolutePath());
        return 0;
    }

    /** One record a request, the body its value; 64 connections. */
    private void single(int round, String system, Path directory, String url) throws Exception {
        String script = "wrk.method='POST'\nwrk.body=string.rep('x'," + RECORD_BYTES + ")\n";
        Wrk.Result result = Wrk.run(directory, url + "/v1/topics/single/records", 64, seconds, script);
        add(round, "produce 1 record, requests/s", system, result.requestsPerSecond());
        add(round, "produce 1 record, p50 ms", system, result.p50Ms());
        add(round, "produce 1 record, p99 ms", system, result.p99Ms());
    }

    /** A hundred NDJSON envelopes a request, 16 connections. */
    private void batches(int round, String system, Path directory, String url) throws Exception {
        String line = "{\"value\":\"" + "x".repeat(RECORD_BYTES - 2) + "\"}";
        String script = "wrk.method='POST'\nwrk.headers['Content-Type']='application/x-ndjson'\nwrk.body=string.rep('"
                + line + "\\n'," + BATCH + ")\n";
        Wrk.Result result = Wrk.run(directory, url + "/v1/topics/batches/records", 16, seconds, script);
        add(round, "produce 100 records, records/s", system, result.requestsPerSecond() * BATCH);
        add(round, "produce 100 records, p99 ms", system, result.p99Ms());
    }

    /** Pages of a thousand records as JSON, 8 connections; only Naru has records. */
    private void read(int round, Path directory, String url) throws Exception {
        String page = url + "/v1/topics/batches/partitions/0/records?offset=0&limit=" + PAGE;
        Wrk.Result result = Wrk.run(directory, page, 8, seconds, "wrk.headers['Accept']='application/x-ndjson'\n");
        add(round, "read pages of 1000 records, records/s", "Naru", result.requestsPerSecond() * PAGE);
        add(round, "read pages of 1000 records, MB/s", "Naru", result.bytesPerSecond() / 1e6);
    }

    private void add(int round, String figure, String system, double value) {
        if (round > 0) {
            figures.add(figure, system, value);
        }
    }

    private ChildProcess plain(Path directory) {
        List<String> options = List.of("-XX:TieredStopAtLevel=4", "-Xmx" + heapMb + "m");
        List<String> arguments = List.of(directory.resolve("port").toString());
        return ChildProcess.start(
                "plain servlet",
                JavaCommand.forMainClass(PlainServlet.class, options, arguments),
                directory.resolve("plain.log"));
    }

    private static String port(Path directory, ChildProcess plain) throws IOException {
        Path port = directory.resolve("port");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!Files.exists(port)) {
            if (!plain.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("the plain servlet does not start" + plain.logTail());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        return Files.readString(port);
    }
}
