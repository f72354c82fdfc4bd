package io.naru.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Several genuine Apache Kafka servers, each broker and KRaft controller in a child JVM of its own, one cluster together. */
public final class ReferenceKafkaCluster implements KafkaEndpoint, AutoCloseable {

    private static final int START_ATTEMPTS_MAX = 3;

    private final Path directory;
    private final List<ChildProcess> processes = new ArrayList<>();
    private final List<Integer> ports;

    private ReferenceKafkaCluster(Path directory, int nodes) {
        this.directory = directory;
        this.ports = IntStream.range(0, nodes).mapToObj(i -> FreePorts.pick()).toList();
    }

    /**
     * Starts them and returns when all serve.
     *
     * @param overrides  settings (as in {@code server.properties}) that replace the test defaults
     * @param jvmOptions for each
     */
    public static ReferenceKafkaCluster start(int nodes, Map<String, String> overrides, List<String> jvmOptions) {
        for (int attempt = 1; ; attempt++) {
            ReferenceKafkaCluster cluster =
                    new ReferenceKafkaCluster(TempDirs.create("reference-kafka-cluster-"), nodes);
            try {
                cluster.startAll(overrides, jvmOptions);
                return cluster;
            } catch (ReferenceKafka.PortTakenException e) {
                cluster.close();
                if (attempt == START_ATTEMPTS_MAX) {
                    throw new IllegalStateException("reference Kafka found its ports taken, time after time", e);
                }
            } catch (RuntimeException e) {
                cluster.close();
                throw e;
            }
        }
    }

    /** None is ready before most of them run. */
    private void startAll(Map<String, String> overrides, List<String> jvmOptions) {
        List<Integer> controllerPorts =
                ports.stream().map(port -> FreePorts.pick()).toList();
        String voters = IntStream.range(0, ports.size())
                .mapToObj(i -> (i + 1) + "@127.0.0.1:" + controllerPorts.get(i))
                .collect(Collectors.joining(","));
        for (int i = 0; i < ports.size(); i++) {
            Path own = TempDirs.createUnder(directory, "node-" + (i + 1));
            Map<String, String> settings = new LinkedHashMap<>(overrides);
            settings.put("node.id", Integer.toString(i + 1));
            settings.put("controller.quorum.voters", voters);
            List<String> arguments =
                    new ArrayList<>(List.of(own.resolve("ready").toString()));
            ReferenceKafka.settings(own.resolve("log"), ports.get(i), controllerPorts.get(i), settings)
                    .forEach((key, value) -> arguments.add(key + "=" + value));
            processes.add(ReferenceKafka.begin(own, jvmOptions, arguments));
        }
        for (int i = 0; i < ports.size(); i++) {
            ReferenceKafka.awaitReady(processes.get(i), directory.resolve("node-" + (i + 1)));
        }
    }

    @Override
    public String bootstrapServers() {
        return ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    /** Its processes, in order of node ids from 1 on. */
    public List<ChildProcess> processes() {
        return List.copyOf(processes);
    }

    @Override
    public void close() {
        processes.forEach(ChildProcess::close);
        TempDirs.delete(directory);
    }
}
