package io.naru.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.v2.ProduceBodyFuzzer;
import io.naru.testkit.ChildProcess;
import io.naru.testkit.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Jazzer on every target, for {@code -Dnaru.fuzz.seconds} each (a few in CI; {@code ./naru fuzz 600} for long). What it has learned stays in
 * {@code target/corpus}, what it finds in {@code target/findings}.
 */
@Timeout(24 * 3600)
class FuzzIT {

    /** How long, from a seed of its own each time; 0: a fixed number of inputs from a fixed seed, the same in every run. */
    private static final int SECONDS = Integer.getInteger("naru.fuzz.seconds", 0);

    private static final int SECONDS_MAX = 120;
    private static final int RUNS = 20_000;
    /** Each opens a log. */
    private static final int RECOVERY_RUNS = 1_000;

    private static final String ONLY = System.getProperty("naru.fuzz.target", "");

    static Stream<Class<?>> targets() {
        return Stream.<Class<?>>of(
                        RequestFuzzer.class,
                        BatchFuzzer.class,
                        RecoveryFuzzer.class,
                        JsonFuzzer.class,
                        ProduceBodyFuzzer.class)
                .filter(target -> target.getSimpleName().contains(ONLY));
    }

    @ParameterizedTest
    @MethodSource("targets")
    void findsNothing(Class<?> target) throws IOException {
        Path corpus = Path.of("target/corpus", target.getSimpleName());
        Path findings = Path.of("target/findings", target.getSimpleName());
        Seeds.write(target, corpus);
        Files.createDirectories(findings);
        List<String> arguments = new ArrayList<>(List.of(
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.getName(),
                "--instrumentation_includes=io.naru.**:org.apache.kafka.common.**",
                "--reproducer_path=" + findings,
                "-artifact_prefix=" + findings + "/",
                "-max_total_time=" + (SECONDS > 0 ? SECONDS : SECONDS_MAX),
                "-max_len=4096",
                "-rss_limit_mb=1024"));
        if (SECONDS == 0) {
            int runs = target == RecoveryFuzzer.class ? RECOVERY_RUNS : RUNS;
            arguments.addAll(List.of("-seed=1", "-runs=" + runs));
        }
        arguments.add(corpus.toString());
        Path log = Path.of("target", target.getSimpleName() + ".log");
        try (ChildProcess jazzer = ChildProcess.start("Jazzer", command(arguments), log)) {
            assertThat(jazzer.await(Duration.ofSeconds(Math.max(SECONDS, SECONDS_MAX) + 120L)))
                    .as("Jazzer ends" + jazzer.logTail())
                    .isTrue();
            assertThat(jazzer.exitCode()).as(jazzer.logTail()).isZero();
        }
        // A target that never ran would find nothing either.
        assertThat(Files.readString(log)).containsPattern("Done \\d{3,} runs");
    }

    private static List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(JavaCommand.java(), "-Xmx512m"));
        Path memory = Path.of("/dev/shm");
        if (Files.isWritable(memory)) {
            // Where a log is opened ten thousand times, fsync had better cost nothing.
            command.add("-Djava.io.tmpdir=" + memory);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(arguments);
        return command;
    }
}
