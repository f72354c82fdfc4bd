package io.naru.benchmarks.wire;

import io.naru.testkit.ChildProcess;
import io.naru.testkit.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One of Apache's load tools, run in a JVM of its own, and what it printed at the end. */
final class KafkaTool {

    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final List<String> JVM = List.of(
            "-XX:TieredStopAtLevel=4", "-Xmx384m", "-Dlogback.configurationFile=io/naru/testkit/logback-child.xml");

    private KafkaTool() {}

    /** Runs the tool to its end and returns the groups of the last match of {@code result} in its output. */
    static double[] run(Class<?> tool, Path directory, Pattern result, String... arguments) throws IOException {
        Path log = Files.createTempFile(directory, tool.getSimpleName(), ".log");
        try (ChildProcess process = ChildProcess.start(
                tool.getSimpleName(), JavaCommand.forMainClass(tool, JVM, List.of(arguments)), log)) {
            if (!process.await(TIMEOUT)) {
                throw new IOException("still runs after " + TIMEOUT + process.logTail());
            }
            Matcher matcher = result.matcher(Files.readString(log));
            double[] values = null;
            while (matcher.find()) {
                values = new double[matcher.groupCount()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = Double.parseDouble(matcher.group(i + 1));
                }
            }
            if (values == null) {
                throw new IOException("no result in its output" + process.logTail());
            }
            return values;
        }
    }
}
