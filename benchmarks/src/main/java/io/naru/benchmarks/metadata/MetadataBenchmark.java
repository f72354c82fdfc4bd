package io.naru.benchmarks.metadata;

import io.naru.benchmarks.Figures;
import io.naru.benchmarks.Usage;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruService;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Many topics: created, listed and described by Kafka's AdminClient; then single changes beside all of them. A change is answered when
 * the broker's own image shows it, so its time is that of the commit and of the way to the brokers together.
 */
@Command(
        name = "metadata",
        description = "Many topics: create, list, page, size of the cluster image, time until a change is everywhere.",
        mixinStandardHelpOptions = true)
public final class MetadataBenchmark implements Callable<Integer> {

    private static final int BATCH = 50;
    private static final Pattern VERSION = Pattern.compile("\"version\":(\\d+)");
    private static final Pattern NEXT = Pattern.compile("\"next\":\"([^\"]+)\"");
    private static final Pattern EPOCH = Pattern.compile("\"controllerEpoch\":(\\d+)");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--topics", defaultValue = "1000", description = "Topics (${DEFAULT-VALUE}).")
    private int topics;

    @Option(names = "--partitions", defaultValue = "10", description = "Partitions of each (${DEFAULT-VALUE}).")
    private int partitions;

    @Option(names = "--changes", defaultValue = "50", description = "Single changes (${DEFAULT-VALUE}).")
    private int changes;

    @Option(names = "--out", defaultValue = "benchmarks/target/metadata.json", description = "Where every sample goes.")
    private Path out = Path.of("metadata.json");

    private final Figures figures = new Figures();
    private final HttpClient http = HttpClient.newHttpClient();

    @Override
    public Integer call() throws Exception {
        PrintWriter console = spec.commandLine().getOut();
        try (NaruCluster naru = NaruCluster.separateProcesses().heapMb(256).start();
                Admin admin = Admin.create(
                        Map.of("bootstrap.servers", naru.bootstrapServers(), "request.timeout.ms", 120_000))) {
            create(console, admin);
            list(admin, naru);
            change(naru, admin);
            for (NaruService service : List.of(NaruService.ADMIN, NaruService.BROKER)) {
                long pid = naru.processOf(service).pid();
                figures.add(
                        service.id() + " memory at most, MB",
                        "Naru",
                        Usage.of(pid).peakBytes() / 1e6);
                try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
                    figures.add(service.id() + " files and sockets open", "Naru", (double) open.count());
                }
            }
        }
        figures.print(console);
        figures.write(out);
        console.println("every sample: " + out.toAbsolutePath());
        return 0;
    }

    private void create(PrintWriter console, Admin admin) throws Exception {
        for (int from = 0; from < topics; from += BATCH) {
            List<NewTopic> batch = new ArrayList<>();
            for (int i = from; i < Math.min(topics, from + BATCH); i++) {
                batch.add(new NewTopic("topic-" + i, partitions, (short) 1));
            }
            long begun = System.nanoTime();
            admin.createTopics(batch).all().get(5, TimeUnit.MINUTES);
            figures.add("create " + BATCH + " topics, ms", "Naru", millisSince(begun));
            console.println(from + batch.size() + " topics");
            console.flush();
        }
    }

    private void list(Admin admin, NaruCluster naru) throws Exception {
        String clusterId = admin.describeCluster().clusterId().get(1, TimeUnit.MINUTES);
        for (int i = 0; i < 5; i++) {
            long begun = System.nanoTime();
            Collection<String> names = admin.listTopics().names().get(1, TimeUnit.MINUTES);
            figures.add("list all topics (AdminClient), ms", "Naru", millisSince(begun));
            begun = System.nanoTime();
            admin.describeTopics(names).allTopicNames().get(1, TimeUnit.MINUTES);
            figures.add("describe all topics, in pages of 2000 partitions, ms", "Naru", millisSince(begun));
            begun = System.nanoTime();
            byte[] page = get(naru.adminUrl() + "/v3/clusters/" + clusterId + "/topics?page_size=100");
            figures.add("first page of topics (REST v3), ms", "Naru", millisSince(begun));
            figures.add("first page of topics (REST v3), KB", "Naru", page.length / 1e3);
            begun = System.nanoTime();
            int pages = 1;
            for (Matcher next = NEXT.matcher(text(page)); next.find(); next = NEXT.matcher(text(page))) {
                page = get(next.group(1));
                pages++;
            }
            figures.add("the other " + (pages - 1) + " pages (REST v3), ms", "Naru", millisSince(begun));
        }
    }

    private void change(NaruCluster naru, Admin admin) throws Exception {
        String cluster = naru.adminUrl() + "/internal/cluster";
        for (int i = 0; i < changes; i++) {
            byte[] whole = get(cluster);
            String head = new String(whole, 0, 200, StandardCharsets.UTF_8);
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "topic-" + i % topics);
            AlterConfigOp op = new AlterConfigOp(new ConfigEntry("flush.ms", "" + (i + 1)), AlterConfigOp.OpType.SET);
            long begun = System.nanoTime();
            admin.incrementalAlterConfigs(Map.of(topic, List.of(op))).all().get(1, TimeUnit.MINUTES);
            figures.add("one change until the broker shows it, ms", "Naru", millisSince(begun));
            figures.add("cluster image, KB", "Naru", whole.length / 1e3);
            byte[] update = get(cluster + "?deltas=true&after=" + number(VERSION, head) + "&controller_epoch="
                    + number(EPOCH, head));
            figures.add("what a follower is sent after one change, KB", "Naru", update.length / 1e3);
        }
    }

    private static String number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " at the head of the image: " + text);
        }
        return matcher.group(1);
    }

    private static String text(byte[] page) {
        return new String(page, StandardCharsets.UTF_8);
    }

    private byte[] get(String url) throws Exception {
        HttpResponse<byte[]> answer =
                http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(url + " answers " + answer.statusCode());
        }
        return answer.body();
    }

    private static double millisSince(long begun) {
        return (System.nanoTime() - begun) / 1e6;
    }
}
