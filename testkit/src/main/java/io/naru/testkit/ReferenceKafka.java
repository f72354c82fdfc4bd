package io.naru.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Genuine Apache Kafka from its Maven jars: broker and KRaft controller in one child JVM, on free loopback ports, with
 * its data in a temporary directory. The oracle for what the right answer is.
 *
 * <p>The child reads its standard input and stops at its end, so it never outlives the test JVM, however that dies.
 */
public final class ReferenceKafka implements KafkaEndpoint, AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(90);
    private static final int START_ATTEMPTS_MAX = 3;

    private final Path directory;
    private final List<String> options;
    private final List<String> arguments;
    private final int port;
    private ChildProcess process;

    private ReferenceKafka(
            Path directory, List<String> options, List<String> arguments, ChildProcess process, int port) {
        this.directory = directory;
        this.options = options;
        this.arguments = arguments;
        this.process = process;
        this.port = port;
    }

    /** Starts one with the defaults and returns when it serves. */
    public static ReferenceKafka start() {
        return start(Map.of());
    }

    /**
     * Starts one and returns when it serves.
     *
     * @param overrides broker settings (as in {@code server.properties}) that replace the test defaults
     */
    public static ReferenceKafka start(Map<String, String> overrides) {
        return start(overrides, List.of("-Xmx384m"));
    }

    /** As {@link #start(Map)}, with other JVM options than the small heap that suits tests. */
    public static ReferenceKafka start(Map<String, String> overrides, List<String> jvmOptions) {
        for (int attempt = 1; ; attempt++) {
            try {
                return startOnce(overrides, jvmOptions);
            } catch (PortTakenException e) {
                if (attempt == START_ATTEMPTS_MAX) {
                    throw new IllegalStateException("reference Kafka found its ports taken, time after time", e);
                }
            }
        }
    }

    @Override
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Where its {@code <topic>-<partition>} directories are. */
    public Path logDirectory() {
        return directory.resolve("log");
    }

    /**
     * Ends it without notice, lets {@code whileDown} work on its files, and starts it again on what is there then.
     */
    public void restart(Runnable whileDown) {
        process.close();
        TempDirs.delete(directory.resolve("ready"));
        whileDown.run();
        process = launch(directory, options, arguments);
    }

    /** Its process, to be looked at. */
    public ChildProcess process() {
        return process;
    }

    /** The end of what it printed, for failure messages. */
    public String logTail() {
        return process.logTail();
    }

    @Override
    public void close() {
        process.close();
        TempDirs.delete(directory);
    }

    private static ReferenceKafka startOnce(Map<String, String> overrides, List<String> jvmOptions) {
        Path directory = TempDirs.create("reference-kafka-");
        int port = FreePorts.pick();
        List<String> arguments =
                new ArrayList<>(List.of(directory.resolve("ready").toString()));
        settings(directory.resolve("log"), port, FreePorts.pick(), overrides)
                .forEach((key, value) -> arguments.add(key + "=" + value));
        return new ReferenceKafka(directory, jvmOptions, arguments, launch(directory, jvmOptions, arguments), port);
    }

    private static ChildProcess launch(Path directory, List<String> options, List<String> arguments) {
        ChildProcess process = begin(directory, options, arguments);
        awaitReady(process, directory);
        return process;
    }

    /** Starts the process, which will make the file {@code ready} in the directory. */
    static ChildProcess begin(Path directory, List<String> options, List<String> arguments) {
        List<String> all = new ArrayList<>(options);
        all.add("-Dlogback.configurationFile=io/naru/testkit/logback-child.xml");
        return ChildProcess.start(
                "reference Kafka",
                JavaCommand.forMainClass(ReferenceKafkaMain.class, all, arguments),
                directory.resolve("server.log"));
    }

    static void awaitReady(ChildProcess process, Path directory) {
        try {
            Awaitility.await()
                    .atMost(START_TIMEOUT)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> Files.exists(directory.resolve("ready")) || !process.isAlive());
        } catch (ConditionTimeoutException e) {
            process.close();
            throw new IllegalStateException("reference Kafka not up within " + START_TIMEOUT + process.logTail(), e);
        }
        if (!process.isAlive()) {
            String tail = process.logTail();
            process.close();
            if (tail.contains("Address already in use")) {
                TempDirs.delete(directory);
                throw new PortTakenException(tail);
            }
            throw new IllegalStateException("reference Kafka ended with " + process.exitCode() + tail);
        }
    }

    static Map<String, String> settings(Path log, int port, int controllerPort, Map<String, String> overrides) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "1");
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        settings.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("log.dir", log.toString());
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "4");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.state.log.num.partitions", "4");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.num.partitions", "4");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.consumer.min.session.timeout.ms", "1000");
        settings.put("group.consumer.min.heartbeat.interval.ms", "100");
        settings.put("log.cleaner.dedupe.buffer.size", "2097152");
        settings.putAll(overrides);
        return settings;
    }

    /** A neighbour bound one of the ports between our look and the server's bind. */
    static final class PortTakenException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PortTakenException(String message) {
            super(message);
        }
    }
}
