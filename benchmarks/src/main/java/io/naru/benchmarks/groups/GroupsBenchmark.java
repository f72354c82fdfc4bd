package io.naru.benchmarks.groups;

import io.naru.benchmarks.Figures;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruService;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Rebalances of members over HTTP, and the price of many that do nothing: one process for each service. */
@Command(
        name = "groups",
        description = "Groups over HTTP: how long rebalances take, and what idle members cost.",
        mixinStandardHelpOptions = true)
public final class GroupsBenchmark implements Callable<Integer> {

    private static final String NARU = "Naru";
    private static final int PARTITIONS = 4;
    private static final int SESSION_MS = 3_000;
    private static final int IDLE_SESSION_MS = 1_800_000;
    private static final int IDLE_GROUP = 100;
    private static final int AT_ONCE = 64;
    private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--rounds", defaultValue = "5", description = "Rebalances of each kind (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--joining", defaultValue = "1000", description = "Members that join one group (${DEFAULT-VALUE}).")
    private int joining;

    @Option(names = "--idle", defaultValue = "10000", description = "Members that do nothing (${DEFAULT-VALUE}).")
    private int idle;

    @Option(names = "--heap", defaultValue = "256", description = "Heap of each server, MB (${DEFAULT-VALUE}).")
    private int heapMb;

    @Option(names = "--out", defaultValue = "benchmarks/target/groups.json", description = "Where every sample goes.")
    private Path out = Path.of("groups.json");

    private final Figures figures = new Figures();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Override
    public Integer call() throws Exception {
        PrintWriter console = spec.commandLine().getOut();
        try (NaruCluster naru = NaruCluster.separateProcesses().heapMb(heapMb).start()) {
            create(naru, "rebalanced", PARTITIONS);
            for (int i = 0; i < rounds; i++) {
                figures.add("member leaves, ms", NARU, handOver(naru, "leaves-" + i, true));
                figures.add("member silent (session 3 s), ms", NARU, handOver(naru, "silent-" + i, false));
            }
            create(naru, "crowded", joining);
            figures.add("members join one group: " + joining + ", ms", NARU, joinAll(naru));
            create(naru, "idle", 1);
            beIdle(naru, console);
        }
        figures.print(console);
        figures.write(out);
        return 0;
    }

    private static void create(NaruCluster naru, String topic, int partitions) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", naru.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
    }

    private PollingMember member(NaruCluster naru, String group, String topic, int sessionMs) {
        return new PollingMember(http, naru.gatewayUrl(), group, topic, sessionMs);
    }

    /** From a member's leave, or from its last question, until the other one has been told that it has all partitions. */
    private double handOver(NaruCluster naru, String group, boolean leaves) throws Exception {
        PollingMember stays = member(naru, group, "rebalanced", 30_000);
        PollingMember goes = member(naru, group, "rebalanced", SESSION_MS);
        while (stays.partitions() != PARTITIONS / 2 || goes.partitions() != PARTITIONS / 2) {
            CompletableFuture.allOf(stays.poll(100), goes.poll(100)).get(60, TimeUnit.SECONDS);
        }
        long since = System.nanoTime();
        if (leaves) {
            goes.leave();
        }
        while (stays.partitions() != PARTITIONS) {
            stays.poll(20).get(60, TimeUnit.SECONDS);
        }
        double ms = (System.nanoTime() - since) / 1e6;
        stays.leave();
        return ms;
    }

    /** From the first question until every member has a partition, all asking all the time. */
    private double joinAll(NaruCluster naru) throws InterruptedException {
        List<PollingMember> members = new ArrayList<>();
        for (int i = 0; i < joining; i++) {
            members.add(member(naru, "crowd", "crowded", IDLE_SESSION_MS));
        }
        long since = System.nanoTime();
        List<PollingMember> waiting = members;
        while (!waiting.isEmpty()) {
            askAll(waiting, 1_000);
            waiting =
                    members.stream().filter(member -> member.partitions() == 0).toList();
        }
        double ms = (System.nanoTime() - since) / 1e6;
        for (PollingMember member : members) {
            member.poll(0);
        }
        return ms;
    }

    private static void askAll(List<PollingMember> members, int waitMs) throws InterruptedException {
        Semaphore turns = new Semaphore(AT_ONCE * (waitMs > 0 ? 16 : 1));
        List<CompletableFuture<Void>> asked = new ArrayList<>();
        for (PollingMember member : members) {
            turns.acquire();
            asked.add(member.poll(waitMs).whenComplete((answer, error) -> turns.release()));
        }
        CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
                .handle((all, error) -> error == null)
                .join();
    }

    private void beIdle(NaruCluster naru, PrintWriter console) throws Exception {
        long gateway = naru.processOf(NaruService.GATEWAY).pid();
        figures.add("gateway without them: heap used, MB", NARU, heapMb(gateway));
        figures.add("gateway without them: threads", NARU, threads(gateway));
        List<PollingMember> members = new ArrayList<>();
        for (int i = 0; i < idle; i++) {
            members.add(member(naru, "idle-" + i / IDLE_GROUP, "idle", IDLE_SESSION_MS));
        }
        long since = System.nanoTime();
        askAll(members, 0);
        console.printf("%d members asked once in %.1f s%n", idle, (System.nanoTime() - since) / 1e9);
        // All have had a few heartbeats by then.
        TimeUnit.SECONDS.sleep(15);
        figures.add("idle members", NARU, idle);
        figures.add("gateway with them: heap used, MB", NARU, heapMb(gateway));
        figures.add("gateway with them: threads", NARU, threads(gateway));
        figures.add("gateway with them: open sockets", NARU, sockets(gateway));
        long coordinator = naru.processOf(NaruService.COORDINATOR).pid();
        figures.add("coordinator with them: heap used, MB", NARU, heapMb(coordinator));
        figures.add("coordinator with them: threads", NARU, threads(coordinator));
        figures.add("coordinator with them: open sockets", NARU, sockets(coordinator));
    }

    /** After a collection. */
    private static double heapMb(long pid) throws IOException, InterruptedException {
        jcmd(pid, "GC.run");
        Matcher used = USED.matcher(jcmd(pid, "GC.heap_info"));
        long kilobytes = 0;
        while (used.find()) {
            kilobytes += Long.parseLong(used.group(1));
        }
        return kilobytes / 1024.0;
    }

    private static String jcmd(long pid, String command) throws IOException, InterruptedException {
        Path tool = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(tool.toString(), Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    private static double threads(long pid) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return all.count();
        }
    }

    private static double sockets(long pid) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return all.filter(GroupsBenchmark::isSocket).count();
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}
