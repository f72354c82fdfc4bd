package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.system.ReadmeTour.Step;
import io.naru.testkit.Checkout;
import io.naru.testkit.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every command of the README's tour, literally, against {@code ./naru start}, gives what the README shows. */
@Timeout(300)
class ReadmeIT {
    @TempDir
    Path dir;

    @Test
    void theTourPrintsWhatItPromises() throws IOException {
        String readme = Files.readString(Checkout.root().resolve("README.md"));
        List<Step> steps = ReadmeTour.in(readme);
        assertThat(steps).as("steps of the tour in README.md").hasSizeGreaterThanOrEqualTo(5);
        assertThat(steps).anyMatch(step -> step.command().contains("curl -d 'hello world'"));
        Map<Step, Running> endless = new LinkedHashMap<>();
        try (LaunchedNaru naru = LaunchedNaru.start(dir.resolve("data"))) {
            for (Step step : steps) {
                String command = naru.withPorts(step.command());
                Step expected = new Step(command, naru.withPorts(step.expected()));
                if (step.isEndless()) {
                    endless.put(expected, Running.start(command, dir.resolve("follow-" + endless.size())));
                } else {
                    Shell.Outcome outcome = Shell.run(dir, List.of("bash", "-euo", "pipefail", "-c", command));
                    assertThat(outcome.exitCode()).as(command + outcome).isZero();
                    assertThat(expected.matches(outcome.out()))
                            .as("README promises%n%s%nfor%n%s%nbut got%n%s", expected.expected(), command, outcome)
                            .isTrue();
                }
            }
            endless.forEach((expected, running) -> running.awaitOutput(expected));
        } finally {
            endless.values().forEach(Running::close);
        }
    }

    /** A command that goes on by itself; {@code exec} makes its process the one that is killed at the end. */
    private record Running(ChildProcess process, Path output) {
        static Running start(String command, Path output) {
            List<String> full = List.of("bash", "-c", "exec " + command.strip() + " 2>/dev/null");
            return new Running(Shell.start(output.getParent(), full, output), output);
        }

        void awaitOutput(Step expected) {
            try {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> expected.matches(Files.readString(output)));
            } catch (ConditionTimeoutException e) {
                throw new AssertionError(
                        "README promises\n" + expected.expected() + "\nfor " + expected.command() + process.logTail(),
                        e);
            }
        }

        void close() {
            process.close();
        }
    }
}
