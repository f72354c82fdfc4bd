package io.naru.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.broker.log.LogConfig;
import io.naru.broker.log.LogEnvironment;
import io.naru.broker.log.LogManager;
import io.naru.broker.log.LogSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What simulated lives have found, told directly. */
class PowerCutTest {

    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    /** Seed 1141 of the first 2500: records of a deleted topic became a replica of the next topic of that name. */
    @Test
    void recordsThatSurviveAPowerCutStillTellTheirTopic(@TempDir Path root) throws IOException {
        for (int seed = 0; seed < 50; seed++) {
            Path directory = root.resolve("disk-" + seed);
            SimulatedDisk disk = new SimulatedDisk(new Random(seed));
            Uuid topicId = new Uuid(7, seed);
            LogManager before = open(directory, disk);
            before.getOrCreate(PARTITION, topicId, LogConfig.DEFAULT, 1_000)
                    .append(
                            MemoryRecords.withRecords(
                                    Compression.NONE,
                                    new SimpleRecord(1_000, "a record".getBytes(StandardCharsets.UTF_8))),
                            0,
                            1_000);
            before.abandon();
            disk.cutPower();

            LogManager after = open(directory, disk);
            if (after.get(PARTITION).isPresent() && after.get(PARTITION).get().logEndOffset() > 0) {
                assertThat(after.topicId(PARTITION)).as("seed " + seed).contains(topicId);
            }
            after.abandon();
            disk.closeAll();
        }
    }

    private static LogManager open(Path directory, SimulatedDisk disk) throws IOException {
        return LogManager.open(
                new LogSettings(
                        List.of(directory),
                        MetadataDatabase.CLUSTER_ID,
                        1,
                        new LogEnvironment(disk, new Random(1)),
                        topic -> LogConfig.DEFAULT,
                        1,
                        (done, total) -> {}),
                1_000);
    }
}
