package io.naru.benchmarks.http;

import io.naru.benchmarks.Figures;
import io.naru.benchmarks.Usage;
import io.naru.testkit.ChildProcess;
import io.naru.testkit.JavaCommand;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruService;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
 * heap, collector and compiler, under the same load. The first rounds warm up and are not counted.
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

    @Option(names = "--warm-up", defaultValue = "2", description = "Rounds before that (${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(names = "--seconds", defaultValue = "5", description = "Length of each measurement (${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--heap", defaultValue = "256", description = "Heap of each server, MB (${DEFAULT-VALUE}).")
    private int heapMb;

    @Option(names = "--processes", description = "Naru as four processes instead of one.")
    private boolean processes;

    @Option(names = "--out", defaultValue = "benchmarks/target/http.json", description = "Where every sample goes.")
    private Path out = Path.of("http.json");

    private final Figures figures = new Figures();

    private record Server(String name, String url, long pid) {}

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
            List<Server> servers = List.of(
                    new Server(
                            "Naru", gateway, naru.processOf(NaruService.GATEWAY).pid()),
                    new Server("plain servlet", ceiling, plain.pid()));
            // A broker by itself makes no topic just because someone names it.
            create(gateway + "/v1/topics/single");
            create(gateway + "/v1/topics/batches");
            for (int round = 1 - warmUp; round <= rounds; round++) {
                console.println(round < 1 ? "warming up" : "round " + round + " of " + rounds);
                console.flush();
                for (Server server : servers) {
                    single(round, server, directory);
                }
                for (Server server : servers) {
                    batches(round, server, directory);
                }
                String page = gateway + "/v1/topics/batches/partitions/0/records?offset=0&limit=" + PAGE;
                read(round, servers.get(0), directory, page);
                read(round, servers.get(1), directory, ceiling + "/?bytes=" + size(page));
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

    private static void create(String topic) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(topic))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(topic + " could not be made: " + answer.body());
        }
    }

    /** One record a request, the body its value; 64 connections. */
    private void single(int round, Server server, Path directory) throws Exception {
        String script = "wrk.method='POST'\nwrk.body=string.rep('x'," + RECORD_BYTES + ")\n";
        String figure = "produce 1 record, ";
        Wrk.Result result = measure(
                round,
                server,
                figure,
                () -> Wrk.run(directory, server.url() + "/v1/topics/single/records", 64, seconds, script));
        add(round, figure + "requests/s", server, result.requestsPerSecond());
        add(round, figure + "p50 ms", server, result.p50Ms());
        add(round, figure + "p99 ms", server, result.p99Ms());
    }

    /** A hundred NDJSON envelopes a request, 16 connections. */
    private void batches(int round, Server server, Path directory) throws Exception {
        String line = "{\"value\":\"" + "x".repeat(RECORD_BYTES - 2) + "\"}";
        String script = "wrk.method='POST'\nwrk.headers['Content-Type']='application/x-ndjson'\nwrk.body=string.rep('"
                + line + "\\n'," + BATCH + ")\n";
        String figure = "produce 100 records, ";
        Wrk.Result result = measure(
                round,
                server,
                figure,
                () -> Wrk.run(directory, server.url() + "/v1/topics/batches/records", 16, seconds, script));
        add(round, figure + "records/s", server, result.requestsPerSecond() * BATCH);
        add(round, figure + "p99 ms", server, result.p99Ms());
    }

    /** Pages of a thousand records as JSON, and as many bytes from memory; 8 connections. */
    private void read(int round, Server server, Path directory, String url) throws Exception {
        String figure = "read pages of 1000 records, ";
        Wrk.Result result = measure(
                round,
                server,
                figure,
                () -> Wrk.run(directory, url, 8, seconds, "wrk.headers['Accept']='application/x-ndjson'\n"));
        add(round, figure + "records/s", server, result.requestsPerSecond() * PAGE);
        add(round, figure + "MB/s", server, result.bytesPerSecond() / 1e6);
    }

    private static int size(String page) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(page))
                .header("Accept", "application/x-ndjson")
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofByteArray())
                .body()
                .length;
    }

    private Wrk.Result measure(int round, Server server, String figure, Callable<Wrk.Result> run) throws Exception {
        Duration before = Usage.of(server.pid()).cpu();
        Wrk.Result result = run.call();
        Duration used = Usage.of(server.pid()).cpu().minus(before);
        add(
                round,
                figure + "server CPU µs/request",
                server,
                used.toNanos() / 1e3 / (result.requestsPerSecond() * seconds));
        return result;
    }

    private void add(int round, String figure, Server server, double value) {
        if (round > 0) {
            figures.add(figure, server.name(), value);
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
