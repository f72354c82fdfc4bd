package io.naru.admin.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.admin.AdminServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.diagnostics.FailureAnalysis;

class DatabaseFailureAnalyzerTest {

    @TempDir
    Path dir;

    @Test
    void unwritableDirectoryIsNamedWithWhatToDo() throws Exception {
        Path file = Files.createFile(dir.resolve("not-a-directory"));
        assertThatThrownBy(() -> new AdminServer(file)).satisfies(failure -> {
            FailureAnalysis analysis = new DatabaseFailureAnalyzer().analyze(failure);
            assertThat(analysis.getDescription()).contains("cannot be opened", "not-a-directory");
            assertThat(analysis.getAction()).contains("naru.data-dir");
        });
    }

    @Test
    void fileInUseIsSaid() {
        SQLException inUse = new SQLException("Database may be already in use", "90020", 90_020);
        FailureAnalysis analysis = new DatabaseFailureAnalyzer().analyze(new IllegalStateException(inUse));
        assertThat(analysis.getDescription()).contains("in use by another process");
        assertThat(analysis.getAction()).contains("naru.data-dir", "PostgreSQL");
    }

    @Test
    void otherFailuresAreNotExplainedAway() {
        assertThat(new DatabaseFailureAnalyzer().analyze(new SQLException("syntax error", "42601", 0)))
                .isNull();
    }
}
