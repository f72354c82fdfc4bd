package io.naru.system.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.testkit.NaruNode;
import io.naru.testkit.NaruService;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** One broker's disk is full, torn, rotten or robbed, under way or while the broker is down; the other two are well. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class DiskFaultsIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int LENGTH_AT = 8;
    private static final int HEADER_BYTES = 61;

    private FaultCluster cluster;
    private String topic;

    @BeforeAll
    void startCluster() {
        cluster = new FaultCluster(FaultCluster.builder()
                .property("naru.broker.scrub.interval", "1s")
                .property("naru.broker.scrub.io-max-per-second", "64MB"));
    }

    @AfterAll
    void stopCluster() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @BeforeEach
    void begin(TestInfo test) throws Exception {
        topic = test.getTestMethod().orElseThrow().getName();
        cluster.begin(topic, Map.of("segment.ms", "1000", "index.interval.bytes", "1000"));
    }

    @AfterEach
    void check(TestInfo test) throws Exception {
        cluster.healAndCheck(test.getDisplayName());
    }

    private Path directory(NaruNode broker, int partition) {
        return cluster.naru().dataDir(broker).resolve("broker").resolve(topic + "-" + partition);
    }

    private static List<Path> files(Path directory, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    /** Waits until there are sealed segments. */
    private List<Path> segments(Path directory, int least) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .until(() -> files(directory, ".log"), files -> files.size() >= least);
    }

    private static void awaitBatches(Path file) {
        Awaitility.await(file + " has some batches")
                .atMost(Duration.ofMinutes(1))
                .until(() -> !Files.exists(file) || Files.size(file) > 150);
    }

    /** Flips a bit of a batch somewhere in the middle of what is stored in a file, {@code inBatch} bytes from where it begins. */
    private static void flip(Path file, int inBatch, Random random) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            List<Integer> batches = new ArrayList<>();
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            for (int at = 0; at + HEADER_BYTES < bytes.limit(); ) {
                int size = 12 + bytes.getInt(at + LENGTH_AT);
                if (size <= HEADER_BYTES || at + size > bytes.limit()) {
                    break;
                }
                batches.add(at);
                at += size;
            }
            int position = batches.get(random.nextInt(1 + batches.size() / 2)) + inBatch;
            open.seek(position);
            int before = open.read();
            open.seek(position);
            open.write(before ^ (1 << random.nextInt(8)));
        }
    }

    private double metric(NaruNode broker, String name) {
        HttpRequest request = HttpRequest.newBuilder(
                        cluster.naru().managementUrl(broker).resolve("/actuator/metrics/" + name))
                .build();
        String body;
        try {
            body = HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        int from = body.indexOf("\"value\":") + 8;
        return Double.parseDouble(body.substring(from, body.indexOf('}', from)));
    }

    /** F17, live: offset, length, epoch, magic, CRC, attributes, payload; sealed and active segments; leader and follower. */
    @Test
    void bitsFlipOnOneReplicaWhileItServes() throws IOException {
        Random random = new Random(17);
        for (NaruNode broker : List.of(cluster.leader(), cluster.aFollower())) {
            List<Path> segments = segments(directory(broker, 0), 4);
            double before = metric(broker, "naru.broker.log.repaired");
            int[] inBatch = {5, 10, 14, 16, 19, 22, 30, 66};
            for (int i = 0; i < inBatch.length; i++) {
                Path file = segments.get(i % 4 == 3 ? segments.size() - 1 : i % (segments.size() - 1));
                awaitBatches(file);
                flip(file, inBatch[i], random);
                double repaired = before + i + 1;
                Awaitility.await("byte " + inBatch[i] + " of a batch in " + file + " is repaired")
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> metric(broker, "naru.broker.log.repaired") >= repaired);
                segments = segments(directory(broker, 0), 4);
            }
            cluster.awaitAcks(100);
        }
    }

    /** F17, while the broker is down, stopped in good order, so that it trusts what it finds. It always starts. */
    @Test
    void bitsFlipWhileTheBrokerIsDown() throws IOException {
        Random random = new Random(18);
        NaruNode broker = cluster.leader();
        segments(directory(broker, 0), 3);
        cluster.naru().stop(broker);
        for (int inBatch : new int[] {5, 10, 14, 22, 66}) {
            List<Path> segments = segments(directory(broker, 0), 3);
            flip(segments.get(random.nextInt(segments.size())), inBatch, random);
        }
        cluster.naru().restart(broker);
        cluster.awaitAcks(100);
        Awaitility.await("all is repaired").atMost(Duration.ofSeconds(90)).untilAsserted(() -> {
            assertThat(metric(broker, "naru.broker.log.repaired")).isPositive();
            assertThat(metric(broker, "naru.broker.log.damaged")).isZero();
        });
    }

    /** F16: the last write is torn, or garbage follows it. */
    @Test
    void tornTails() throws IOException {
        Random random = new Random(16);
        for (NaruNode broker : List.of(cluster.leader(), cluster.aFollower())) {
            cluster.naru().kill9(broker);
            for (int partition = 0; partition < FaultCluster.PARTITIONS; partition++) {
                List<Path> segments = files(directory(broker, partition), ".log");
                try (RandomAccessFile last =
                        new RandomAccessFile(segments.get(segments.size() - 1).toFile(), "rw")) {
                    long size = last.length();
                    if (partition == 0 && size > 0) {
                        last.setLength(size - 1 - random.nextInt((int) Math.min(size, 100)));
                    } else {
                        byte[] garbage = new byte[200];
                        if (partition == 2) {
                            random.nextBytes(garbage);
                        }
                        last.seek(size);
                        last.write(garbage);
                    }
                }
            }
            cluster.awaitAcks(100);
            cluster.naru().restart(broker);
            cluster.awaitInSync(3);
        }
    }

    /** F18: what can be rebuilt is; what says that all was well is not believed. */
    @Test
    void sideFilesAreGoneOrGarbage() throws IOException {
        Random random = new Random(19);
        boolean delete = true;
        for (NaruNode broker : List.of(cluster.leader(), cluster.aFollower())) {
            segments(directory(broker, 0), 2);
            cluster.naru().stop(broker);
            Path data = cluster.naru().dataDir(broker).resolve("broker");
            List<Path> victims = new ArrayList<>(files(data, "checkpoint"));
            victims.addAll(files(data, ".kafka_cleanshutdown"));
            for (int partition = 0; partition < FaultCluster.PARTITIONS; partition++) {
                for (String suffix : List.of(".index", ".timeindex", ".snapshot", "leader-epoch-checkpoint")) {
                    victims.addAll(files(directory(broker, partition), suffix));
                }
            }
            for (Path victim : victims) {
                byte[] garbage = new byte[1 + random.nextInt(64)];
                random.nextBytes(garbage);
                if (delete) {
                    Files.delete(victim);
                } else {
                    Files.write(victim, garbage);
                }
            }
            delete = false;
            cluster.awaitAcks(100);
            cluster.naru().restart(broker);
            cluster.awaitInSync(3);
        }
    }

    /** F13: no file of the leader may grow; others lead what it led. When files may grow again it catches up, by itself. */
    @Test
    void theLeadersDiskIsFullForAWhile() throws Exception {
        NaruNode leader = cluster.leader();
        limitFiles(leader, "0");
        try {
            Path led = directory(leader, 0);
            long full = bytes(led);
            cluster.awaitAcks(100);
            Awaitility.await("nothing is written any more")
                    .atMost(Duration.ofSeconds(30))
                    .during(Duration.ofSeconds(2))
                    .until(() -> bytes(led) == full);
            Awaitility.await("another leads")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> !cluster.leader().equals(leader));
            cluster.awaitAcks(300);
        } finally {
            limitFiles(leader, "unlimited");
        }
        cluster.awaitInSync(3);
        cluster.awaitAcks(300);
        assertThat(cluster.naru().processOf(leader).isAlive()).isTrue();
    }

    private static long bytes(Path directory) throws IOException {
        long all = 0;
        for (Path file : files(directory, ".log")) {
            all += Files.size(file);
        }
        return all;
    }

    /** Sets the soft limit of what a file of a running process may have, as a full disk would. */
    private void limitFiles(NaruNode broker, String bytes) throws Exception {
        long pid = cluster.naru().processOf(broker).pid();
        int exit = new ProcessBuilder("prlimit", "--pid", Long.toString(pid), "--fsize=" + bytes + ":")
                .inheritIO()
                .start()
                .waitFor();
        assertThat(exit)
                .as("prlimit of process %s of %s", pid, NaruService.BROKER)
                .isZero();
    }
}
