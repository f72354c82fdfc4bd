package io.naru.broker.log.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.broker.log.checkpoint.EpochCheckpoint.EpochStart;
import io.naru.broker.log.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {

    private static final Disk DISK = Disk.local();

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("checkpoint");
    }

    @Test
    void offsetsAreWrittenAsKafkaWritesThem() throws IOException {
        OffsetCheckpoint.write(DISK, file(), Map.of(new TopicPartition("a-b", 3), 42L));
        assertThat(file()).hasContent("0\n1\na-b 3 42\n");
        assertThat(OffsetCheckpoint.read(DISK, file())).isEqualTo(Map.of(new TopicPartition("a-b", 3), 42L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0\n",
                "1\n0\n",
                "0\n2\na 1 2\n",
                "0\n1\na 1\n",
                "0\n1\na x 2\n",
                "0\n1\na 1 -2\n",
                "0\n1\na -1 2\n",
                "0\n1\na 1 99999999999999999999\n",
                "0\n1\n 1 2\n",
                "\0\0\0\0",
                "0\n0\na 1 2\n"
            })
    void damagedOffsetsAreRefused(String contents) throws IOException {
        Files.writeString(file(), contents);
        assertThatThrownBy(() -> OffsetCheckpoint.read(DISK, file())).isInstanceOf(IOException.class);
    }

    @Test
    void epochsAreWrittenAsKafkaWritesThem() throws IOException {
        List<EpochStart> epochs = List.of(new EpochStart(0, 0), new EpochStart(5, 17));
        EpochCheckpoint.write(DISK, file(), epochs);
        assertThat(file()).hasContent("0\n2\n0 0\n5 17\n");
        assertThat(EpochCheckpoint.read(DISK, file())).isEqualTo(epochs);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0\n1\n5\n", "0\n2\n5 1\n5 2\n", "0\n2\n5 2\n6 1\n", "0\n1\n-1 0\n", "0\n1\n9999999999 0\n"})
    void damagedEpochsAreRefused(String contents) throws IOException {
        Files.writeString(file(), contents);
        assertThatThrownBy(() -> EpochCheckpoint.read(DISK, file())).isInstanceOf(IOException.class);
    }

    @Test
    void topicIdsAreWrittenAsKafkaWritesThem() throws IOException {
        Uuid id = Uuid.fromString("ltCWoi9wRhmHSQCIgAznEg");
        PartitionMetadataFile.write(DISK, file(), id);
        assertThat(file()).hasContent("version: 0\ntopic_id: ltCWoi9wRhmHSQCIgAznEg");
        assertThat(PartitionMetadataFile.read(DISK, file())).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "version: 0", "version: 1\ntopic_id: ltCWoi9wRhmHSQCIgAznEg", "version: 0\ntopic_id: x"})
    void damagedTopicIdsAreRefused(String contents) throws IOException {
        Files.writeString(file(), contents);
        assertThatThrownBy(() -> PartitionMetadataFile.read(DISK, file())).isInstanceOf(IOException.class);
    }

    @Test
    void theCleanMarkIsTrustedOnce() throws IOException {
        assertThat(CleanShutdownFile.take(DISK, directory)).isEmpty();
        CleanShutdownFile.write(DISK, directory, 12);
        assertThat(directory.resolve(CleanShutdownFile.NAME)).hasContent("{\"version\":0,\"brokerEpoch\":12}");
        assertThat(CleanShutdownFile.take(DISK, directory)).hasValue(12);
        assertThat(CleanShutdownFile.take(DISK, directory)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "\0", "{\"version\":1,\"brokerEpoch\":12}"})
    void aDamagedCleanMarkIsNone(String contents) throws IOException {
        Files.writeString(directory.resolve(CleanShutdownFile.NAME), contents);
        assertThat(CleanShutdownFile.take(DISK, directory)).isEmpty();
        assertThat(directory.resolve(CleanShutdownFile.NAME)).doesNotExist();
    }

    @Test
    void metaPropertiesComeBack() throws IOException {
        MetaProperties written = new MetaProperties("cluster", 3, Uuid.fromString("ltCWoi9wRhmHSQCIgAznEg"));
        written.write(DISK, directory);
        assertThat(MetaProperties.read(DISK, directory)).isEqualTo(written);
        Files.writeString(directory.resolve(MetaProperties.NAME), "cluster.id=x\nnode.id=three\n");
        assertThatThrownBy(() -> MetaProperties.read(DISK, directory)).isInstanceOf(IOException.class);
    }
}
