package io.naru.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many lives of a log. {@code -Dnaru.seed=N} replays one, {@code -Dnaru.seeds=N} runs so many from seed 1 on. */
class LogSimulationTest {

    private static final int STEPS = 150;

    @TempDir
    private Path directory;

    @Test
    void noLifeOfALogDiffersFromTheModel() throws IOException {
        Long only = Long.getLong("naru.seed");
        long last = only != null ? only : Long.getLong("naru.seeds", 40);
        for (long seed = only != null ? only : 1; seed <= last; seed++) {
            live(seed, true);
        }
    }

    @Test
    void aDiskThatForgetsWhatWasSyncedIsNoticed() {
        assertThat(Stream.iterate(1L, seed -> seed + 1).limit(50).anyMatch(seed -> {
                    try {
                        live(seed, false);
                        return false;
                    } catch (AssertionError | IOException e) {
                        return true;
                    }
                }))
                .isTrue();
    }

    private void live(long seed, boolean diskSyncs) throws IOException {
        Path root = directory.resolve("seed-" + seed + diskSyncs);
        try {
            new LogSimulation(seed, root, diskSyncs).run(STEPS);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("replay with -Dnaru.seed=" + seed, e);
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
