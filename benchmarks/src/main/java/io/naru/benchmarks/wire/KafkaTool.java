package io.naru.benchmarks.wire;

import io.naru.testkit.ChildProcess;
import io.naru.testkit.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.tools.ProducerPerformance;

/** One of Apache's load tools, run in a JVM of its own, and what it printed at the end. */
final class KafkaTool {

    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final List<String> JVM = List.of(
            "-XX:TieredStopAtLevel=4", "-Xmx384m", "-Dlogback.configurationFile=io/naru/testkit/logback-child.xml");

    private static final Pattern PRODUCED =
            Pattern.compile("([\\d.]+) records/sec \\(([\\d.]+) MB/sec\\).*? ([\\d.]+) ms 99th");

    private KafkaTool() {}

    /** Makes a topic; with three replicas two must be in sync. */
    static void create(String bootstrap, String topic, int partitions, int replicas) throws IOException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            NewTopic wanted = new NewTopic(topic, partitions, (short) replicas)
                    .configs(replicas < 3 ? Map.of() : Map.of("min.insync.replicas", "2"));
            admin.createTopics(List.of(wanted)).all().get();
        } catch (ExecutionException e) {
            throw new IOException("topic " + topic + " could not be made at " + bootstrap, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** ProducerPerformance with acks=all: records/s, MB/s, 99th percentile in ms. */
    static double[] produce(String bootstrap, String topic, Path directory, long records, int size) throws IOException {
        return run(
                ProducerPerformance.class,
                directory,
                PRODUCED,
                "--bootstrap-server",
                bootstrap,
                "--topic",
                topic,
                "--num-records",
                Long.toString(records),
                "--record-size",
                Integer.toString(size),
                "--throughput",
                "-1",
                "--command-property",
                "acks=all",
                "batch.size=65536",
                "linger.ms=5");
    }

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
