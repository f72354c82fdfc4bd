package io.naru.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFileTest {
    @TempDir
    Path dir;

    @Test
    void readsPortsAndProcess() throws IOException {
        Files.writeString(
                dir.resolve("broker.json"),
                "{\"service\":\"broker\",\"pid\":123,\"http\":8083,\"management\":8084,\"kafka\":9092}");
        assertThat(RunFile.read(dir, NaruService.BROKER))
                .contains(new RunFile(NaruService.BROKER, 123, 8083, 8084, 9092));
    }

    @Test
    void aServiceWithoutKafkaListenerHasPortZero() throws IOException {
        Files.writeString(
                dir.resolve("gateway.json"), "{\"service\":\"gateway\",\"pid\":1,\"http\":2,\"management\":3}");
        assertThat(RunFile.read(dir, NaruService.GATEWAY))
                .hasValueSatisfying(file -> assertThat(file.kafkaPort()).isZero());
    }

    @Test
    void isEmptyBeforeTheServiceWroteIt() {
        assertThat(RunFile.read(dir, NaruService.ADMIN)).isEmpty();
    }

    @Test
    void aHalfWrittenFileIsADefectOfTheService() throws IOException {
        Files.writeString(dir.resolve("admin.json"), "{\"service\":\"admin\",\"pi");
        assertThatThrownBy(() -> RunFile.read(dir, NaruService.ADMIN)).isInstanceOf(IllegalStateException.class);
    }
}
