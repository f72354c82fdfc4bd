package io.naru.broker.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many lives of a compacted log. {@code -Dnaru.seed=N} replays one, {@code -Dnaru.seeds=N} runs so many from seed 1 on. */
class CompactionSimulationTest {

    private static final int STEPS = 120;

    @TempDir
    private Path directory;

    @Test
    void compactionLosesNothingThatCounts() throws IOException {
        Long only = Long.getLong("naru.seed");
        long last = only != null ? only : Long.getLong("naru.seeds", 40);
        for (long seed = only != null ? only : 1; seed <= last; seed++) {
            Path root = directory.resolve("seed-" + seed);
            try {
                new CompactionSimulation(seed, root).run(STEPS);
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
}
