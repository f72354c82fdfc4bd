package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.testkit.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.tools.DumpLogSegments;

/**
 * Apache Kafka's own {@code DumpLogSegments} over the partition directories below a data directory: every log with
 * deep iteration, every index checked against its log.
 */
final class LogDump {
    private static final Pattern SEGMENT_FILE = Pattern.compile("\\d{20}\\.(log|index|timeindex|snapshot)");
    private static final Pattern BATCH = Pattern.compile("^baseOffset: .*", Pattern.MULTILINE);
    private static final Pattern RECORD = Pattern.compile("^\\| offset: .*", Pattern.MULTILINE);
    /** How the tool begins its reports of trouble, in the words of its source. */
    private static final Pattern COMPLAINT = Pattern.compile(
            "isvalid: false|Found \\d+ invalid bytes|Non-consecutive offsets|Mismatches in|are not found in"
                    + "|out of order timestamp|timestamp mismatch|exception|corrupt|Ignoring unknown",
            Pattern.CASE_INSENSITIVE);

    private LogDump() {}

    /** The directory that holds {@code <topic>-<partition>} below {@code root}. */
    static Path partitionDirectory(Path root, String topic, int partition) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            List<Path> found = paths.filter(Files::isDirectory)
                    .filter(path -> path.getFileName().toString().equals(topic + "-" + partition))
                    .toList();
            assertThat(found)
                    .as("directories of %s-%d under %s", topic, partition, root)
                    .hasSize(1);
            return found.get(0);
        }
    }

    /** Checks every segment below {@code root}; fails with the tool's words on any complaint. */
    static void assertNoComplaints(Path root) throws IOException {
        List<Path> files = segmentFiles(root);
        assertThat(files).as("segment files under %s", root).isNotEmpty();
        for (String check : List.of("--deep-iteration", "--index-sanity-check", "--verify-index-only")) {
            String output = dump(files, check);
            List<String> complaints = output.lines()
                    .filter(line -> COMPLAINT.matcher(line).find())
                    .toList();
            assertThat(complaints).as("DumpLogSegments %s", check).isEmpty();
            if (check.equals("--deep-iteration")) {
                assertThat(output.lines().filter(line -> BATCH.matcher(line).find()))
                        .isNotEmpty()
                        .allMatch(line -> line.contains("isvalid: true"));
            }
        }
    }

    /** How many records the tool finds in one partition directory. */
    static int records(Path partitionDirectory) throws IOException {
        List<Path> logs = segmentFiles(partitionDirectory).stream()
                .filter(file -> file.toString().endsWith(".log"))
                .toList();
        Matcher records = RECORD.matcher(dump(logs, "--deep-iteration"));
        return (int) records.results().count();
    }

    private static String dump(List<Path> files, String check) {
        String list = files.stream().map(Path::toString).collect(Collectors.joining(","));
        List<String> command = new ArrayList<>(
                JavaCommand.forMainClass(DumpLogSegments.class, List.of("-Xmx256m"), List.of("--files", list, check)));
        Shell.Outcome outcome = Shell.run(Path.of("."), command);
        // Its standard output tells every batch: too much for a message.
        assertThat(outcome.exitCode())
                .as("exit code of DumpLogSegments %s, which wrote %s", check, outcome.error())
                .isZero();
        assertThat(outcome.error())
                .as("what DumpLogSegments wrote to standard error")
                .doesNotContain("Exception");
        return outcome.out();
    }

    private static List<Path> segmentFiles(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(path ->
                            SEGMENT_FILE.matcher(path.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        }
    }
}
