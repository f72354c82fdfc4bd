package io.naru.system.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruNode;
import io.naru.testkit.NaruService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.record.internal.FileLogInputStream.FileChannelRecordBatch;
import org.apache.kafka.common.record.internal.FileRecords;
import org.awaitility.Awaitility;

/** Compares the replicas of a partition on disk, batch by batch: offsets, epochs and checksums, so every byte of every record. */
final class ReplicaDiff {

    private ReplicaDiff() {}

    /** One batch as it is on disk; its checksum covers everything but base offset, length and leader epoch. */
    private record Batch(long baseOffset, long lastOffset, int leaderEpoch, long checksum, int size, boolean whole) {}

    /** Waits until all brokers hold the same batches of every partition; writers must have stopped. */
    static void assertEqual(NaruCluster naru, String topic, int partitions) {
        for (int partition = 0; partition < partitions; partition++) {
            String name = topic + "-" + partition;
            Awaitility.await("replicas of " + name + " are equal")
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(200))
                    .untilAsserted(() -> {
                        Map<NaruNode, List<Batch>> replicas = replicas(naru, name);
                        List<List<Batch>> contents = List.copyOf(replicas.values());
                        assertThat(contents)
                                .allSatisfy(batches -> assertThat(batches)
                                        .as("checksums in %s", name)
                                        .allMatch(Batch::whole));
                        assertThat(contents)
                                .as("replicas of %s on %s", name, replicas.keySet())
                                .hasSize(naru.nodes(NaruService.BROKER).size())
                                .allSatisfy(other -> assertThat(other).isEqualTo(contents.get(0)));
                    });
        }
    }

    private static Map<NaruNode, List<Batch>> replicas(NaruCluster naru, String name) {
        Map<NaruNode, List<Batch>> replicas = new LinkedHashMap<>();
        for (NaruNode broker : naru.nodes(NaruService.BROKER)) {
            directory(naru.dataDir(broker), name).forEach(directory -> replicas.put(broker, batches(directory)));
        }
        return replicas;
    }

    private static List<Path> directory(Path data, String name) {
        try (Stream<Path> paths = Files.walk(data, 3)) {
            return paths.filter(path -> path.getFileName().toString().equals(name))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Batch> batches(Path directory) {
        List<Batch> batches = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".log"))
                    .sorted()
                    .toList()) {
                try (FileRecords records = FileRecords.open(file.toFile(), false)) {
                    for (FileChannelRecordBatch batch : records.batches()) {
                        batches.add(new Batch(
                                batch.baseOffset(),
                                batch.lastOffset(),
                                batch.partitionLeaderEpoch(),
                                batch.checksum(),
                                batch.sizeInBytes(),
                                batch.isValid()));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return batches;
    }
}
