package io.naru.testkit;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Naru as its users run it: real processes from the runnable jars, on free ports, with data in a directory that can
 * outlive a crash. One JVM with all four services ({@link #standalone}) or one JVM for each instance of each
 * ({@link #separateProcesses}).
 *
 * <pre>{@code
 * try (NaruCluster naru = NaruCluster.separateProcesses().brokers(3).restartable().start()) {
 *     naru.kill9(NaruNode.broker(2));
 *     naru.restart();
 * }
 * }</pre>
 *
 * <p>Not thread-safe: one test thread drives it. Closing kills what still runs and deletes the directory, unless the
 * caller named one.
 */
public final class NaruCluster implements KafkaEndpoint, AutoCloseable {
    private final Path baseDir;
    private final boolean deleteBaseDir;
    /** In the order in which they start: who is asked before who asks. */
    private final Map<NaruNode, NaruProcess> processes = new LinkedHashMap<>();

    private final @Nullable KafkaEndpoint brokers;

    private NaruCluster(Path baseDir, boolean deleteBaseDir, @Nullable KafkaEndpoint brokers) {
        this.baseDir = baseDir;
        this.deleteBaseDir = deleteBaseDir;
        this.brokers = brokers;
    }

    /** All four services in one JVM, from the standalone jar. */
    public static Builder standalone() {
        return new Builder(false, null);
    }

    /** Admin, broker, coordinator and gateway as one JVM each, from their own jars; one instance of each unless more are asked for. */
    public static Builder separateProcesses() {
        return new Builder(true, null);
    }

    /** Gateways only, in front of brokers that are somebody else's. */
    public static Builder gatewaysBefore(KafkaEndpoint brokers) {
        return new Builder(true, brokers);
    }

    /** The base URL for records and groups over HTTP, without a slash at the end. */
    public URI gatewayUrl() {
        return httpUrl(NaruNode.of(NaruService.GATEWAY));
    }

    /** The base URL of admin-service. */
    public URI adminUrl() {
        return httpUrl(NaruNode.of(NaruService.ADMIN));
    }

    /** The base URL of the coordinator's REST view. */
    public URI coordinatorUrl() {
        return httpUrl(NaruNode.of(NaruService.COORDINATOR));
    }

    /** The base URL of the broker's HTTP port. */
    public URI brokerUrl() {
        return httpUrl(NaruNode.of(NaruService.BROKER));
    }

    /** Where a service's actuator answers. */
    public URI managementUrl(NaruService service) {
        return managementUrl(NaruNode.of(service));
    }

    /** Where a node's actuator answers. */
    public URI managementUrl(NaruNode node) {
        return URI.create("http://127.0.0.1:" + runFile(node).managementPort());
    }

    /** The base URL of a node's HTTP port. */
    public URI httpUrl(NaruNode node) {
        return URI.create("http://127.0.0.1:" + runFile(node).httpPort());
    }

    /** All brokers. */
    @Override
    public String bootstrapServers() {
        if (brokers != null) {
            return brokers.bootstrapServers();
        }
        return nodes(NaruService.BROKER).stream()
                .map(node -> "127.0.0.1:" + runFile(node).kafkaPort())
                .collect(Collectors.joining(","));
    }

    /** The instances of a service, in order of their numbers. */
    public List<NaruNode> nodes(NaruService service) {
        return processes.keySet().stream()
                .filter(node -> node.service() == service)
                .toList();
    }

    /** The ports and process id a service has told. */
    public RunFile runFile(NaruService service) {
        return runFile(NaruNode.of(service));
    }

    /** The ports and process id a node has told. */
    public RunFile runFile(NaruNode node) {
        return process(node).runFile(node.service());
    }

    /** The directory above all data of this cluster. */
    public Path baseDir() {
        return baseDir;
    }

    /** The data directory of a node in a process of its own. */
    public Path dataDir(NaruNode node) {
        return baseDir.resolve(node.toString());
    }

    /** The process that hosts a service, to freeze or watch it. */
    public ChildProcess processOf(NaruService service) {
        return processOf(NaruNode.of(service));
    }

    /** The process that hosts a node. */
    public ChildProcess processOf(NaruNode node) {
        return process(node).process();
    }

    /** SIGKILL to every process. */
    public void kill9() {
        distinctProcesses().forEach(NaruProcess::kill9);
    }

    /** SIGKILL to the process that hosts one service. */
    public void kill9(NaruService service) {
        kill9(NaruNode.of(service));
    }

    /** SIGKILL to the process of one node. */
    public void kill9(NaruNode node) {
        process(node).kill9();
    }

    /** The admin-service that is the controller now, if one is; others stand by. */
    public Optional<NaruNode> controller() {
        return nodes(NaruService.ADMIN).stream()
                .filter(node -> process(node).isAlive() && process(node).isReady())
                .findFirst();
    }

    /** Starts everything that does not run, on the same directories and ports, and waits until it serves. */
    public void restart() {
        startAll();
    }

    /**
     * Starts one node that does not run, on the same directory and ports, and waits until it serves; an admin-service among others only
     * until it stands by.
     */
    public void restart(NaruNode node) {
        process(node).launch();
        process(node).awaitBound();
        if (node.service() == NaruService.ADMIN) {
            awaitController();
        } else {
            process(node).awaitReady();
        }
    }

    /**
     * SIGTERM to every process, those that ask others first.
     *
     * @return the exit codes, in that order
     * @throws AssertionError when one takes more than 15 s
     */
    public List<Integer> stop() {
        List<NaruProcess> order = new ArrayList<>(distinctProcesses());
        List<Integer> exitCodes = new ArrayList<>();
        for (int i = order.size() - 1; i >= 0; i--) {
            if (order.get(i).isAlive()) {
                exitCodes.add(order.get(i).stop());
            }
        }
        return exitCodes;
    }

    /** SIGTERM to the process that hosts one service; its exit code. */
    public int stop(NaruService service) {
        return stop(NaruNode.of(service));
    }

    /** SIGTERM to the process of one node; its exit code. */
    public int stop(NaruNode node) {
        return process(node).stop();
    }

    /** The ends of all logs, framed for an assertion message. */
    public String logTails() {
        StringBuilder tails = new StringBuilder();
        distinctProcesses().forEach(process -> tails.append(process.logTail()));
        return tails.toString();
    }

    @Override
    public void close() {
        distinctProcesses().forEach(NaruProcess::close);
        if (deleteBaseDir) {
            TempDirs.delete(baseDir);
        }
    }

    private NaruProcess process(NaruNode node) {
        NaruProcess process = processes.get(node);
        if (process == null) {
            throw new IllegalStateException("there is no " + node + " in this cluster");
        }
        return process;
    }

    private Set<NaruProcess> distinctProcesses() {
        return new LinkedHashSet<>(processes.values());
    }

    private void startAll() {
        List<NaruProcess> down = distinctProcesses().stream()
                .filter(process -> !process.isAlive())
                .toList();
        down.forEach(NaruProcess::launch);
        down.forEach(NaruProcess::awaitBound);
        awaitController();
        distinctProcesses().stream()
                .filter(process -> nodes(NaruService.ADMIN).size() < 2 || !process.hosts(NaruService.ADMIN))
                .forEach(NaruProcess::awaitReady);
    }

    /** Of several admin-services one is ready, and the others stand by. */
    private void awaitController() {
        List<NaruNode> admins = nodes(NaruService.ADMIN);
        if (admins.size() == 1) {
            process(admins.get(0)).awaitReady();
        } else if (admins.size() > 1) {
            process(admins.get(0))
                    .await(
                            "have a controller beside it or be it",
                            () -> controller().isPresent());
        }
    }

    /** Says what to start; every setting has a default that suits tests. */
    public static final class Builder {
        private final boolean separate;
        private final @Nullable KafkaEndpoint foreignBrokers;
        private final Map<NaruService, Integer> instances = new EnumMap<>(NaruService.class);
        private final Map<String, String> properties = new LinkedHashMap<>();
        private final Map<NaruNode, Map<String, String>> nodeProperties = new HashMap<>();
        private final Map<NaruNode, Integer> kafkaPorts = new HashMap<>();
        private final List<String> jvmOptions = new ArrayList<>();
        private int heapMb = 256;
        private boolean restartable;
        private @Nullable Path baseDir;

        private Builder(boolean separate, @Nullable KafkaEndpoint foreignBrokers) {
            this.separate = separate;
            this.foreignBrokers = foreignBrokers;
        }

        /** How many brokers. */
        public Builder brokers(int count) {
            return instances(NaruService.BROKER, count);
        }

        /** How many instances of a service; several admin-services need a database server. */
        public Builder instances(NaruService service, int count) {
            if (!separate) {
                throw new IllegalStateException("one process hosts one of each; take separateProcesses()");
            }
            instances.put(service, count);
            return this;
        }

        /** A Spring property for every process, e.g. {@code naru.broker.auto-create-topics}. */
        public Builder property(String name, String value) {
            properties.put(name, value);
            return this;
        }

        /** A Spring property for one node. */
        public Builder property(NaruNode node, String name, String value) {
            nodeProperties.computeIfAbsent(node, n -> new LinkedHashMap<>()).put(name, value);
            return this;
        }

        /** The Kafka port of a broker, for those who need to know it before it starts (a proxy in front of it). */
        public Builder kafkaPort(NaruNode node, int port) {
            kafkaPorts.put(node, port);
            return this;
        }

        /** The heap limit of each JVM. */
        public Builder heapMb(int megabytes) {
            heapMb = megabytes;
            return this;
        }

        /** A further option for each JVM. */
        public Builder jvmOption(String option) {
            jvmOptions.add(option);
            return this;
        }

        /** Keeps data here, and leaves it there; otherwise it goes to a temporary directory. */
        public Builder baseDir(Path directory) {
            baseDir = directory;
            return this;
        }

        /**
         * Takes ports that no client connection can occupy while a process is down. Without it ports are those that
         * the kernel gives for port 0.
         */
        public Builder restartable() {
            restartable = true;
            return this;
        }

        /** Starts the processes and returns when all report ready. */
        public NaruCluster start() {
            Path base = baseDir == null ? TempDirs.create("naru-cluster-") : baseDir;
            NaruCluster cluster = new NaruCluster(base, baseDir == null, foreignBrokers);
            boolean started = false;
            try {
                if (separate) {
                    startSeparately(cluster);
                } else {
                    startOne(cluster);
                }
                started = true;
                return cluster;
            } finally {
                if (!started) {
                    cluster.close();
                }
            }
        }

        private void startOne(NaruCluster cluster) {
            Set<NaruService> all = EnumSet.allOf(NaruService.class);
            Map<String, String> own = new LinkedHashMap<>();
            all.forEach(service -> own.putAll(ports(NaruNode.of(service))));
            NaruProcess process = prepare(cluster, "standalone", "standalone", all, own);
            all.forEach(service -> cluster.processes.put(NaruNode.of(service), process));
            cluster.startAll();
        }

        /** Whoever is asked binds its ports before those start who are told of them; instances of one service start together. */
        private void startSeparately(NaruCluster cluster) {
            if (foreignBrokers != null) {
                launch(
                        cluster,
                        NaruService.GATEWAY,
                        Map.of("naru.gateway.bootstrap", cluster.bootstrapServers(), "naru.gateway.admin-url", ""));
                cluster.startAll();
                return;
            }
            launch(cluster, NaruService.ADMIN, Map.of());
            String adminUrls = cluster.nodes(NaruService.ADMIN).stream()
                    .map(node -> cluster.httpUrl(node).toString())
                    .collect(Collectors.joining(","));
            Map<String, String> controlPlane = Map.of("naru.control-plane.urls", adminUrls);
            launch(cluster, NaruService.BROKER, controlPlane);
            launch(cluster, NaruService.COORDINATOR, controlPlane);
            launch(
                    cluster,
                    NaruService.GATEWAY,
                    Map.of("naru.gateway.bootstrap", cluster.bootstrapServers(), "naru.gateway.admin-url", adminUrls));
            cluster.startAll();
        }

        private void launch(NaruCluster cluster, NaruService service, Map<String, String> peers) {
            List<NaruProcess> launched = new ArrayList<>();
            int count = instances.getOrDefault(service, 1);
            for (int number = 1; number <= count; number++) {
                NaruNode node = new NaruNode(service, number);
                Map<String, String> own = new LinkedHashMap<>(ports(node));
                if (count > 1) {
                    own.putAll(identity(node));
                }
                own.putAll(peers);
                NaruProcess process = prepare(cluster, node.toString(), service.module(), EnumSet.of(service), own);
                cluster.processes.put(node, process);
                process.launch();
                launched.add(process);
            }
            launched.forEach(NaruProcess::awaitBound);
        }

        private Map<String, String> ports(NaruNode node) {
            Map<String, String> ports = new LinkedHashMap<>();
            node.service()
                    .portProperties()
                    .forEach(name -> ports.put(name, restartable ? Integer.toString(FreePorts.pick()) : "0"));
            Integer kafkaPort = kafkaPorts.get(node);
            if (kafkaPort != null) {
                ports.put("naru." + node.service().id() + ".kafka.port", kafkaPort.toString());
            }
            return ports;
        }

        private static Map<String, String> identity(NaruNode node) {
            String number = Integer.toString(node.number());
            return switch (node.service()) {
                case BROKER -> Map.of("naru.broker.id", number);
                case COORDINATOR -> Map.of("naru.coordinator.id", number);
                case ADMIN -> Map.of("naru.admin.instance-id", node.toString());
                case GATEWAY -> Map.of("naru.gateway.cursor-secret", "a secret that all gateways share");
            };
        }

        private NaruProcess prepare(
                NaruCluster cluster, String name, String module, Set<NaruService> services, Map<String, String> own) {
            Map<String, String> all = new LinkedHashMap<>();
            all.put("naru.data-dir", TempDirs.createUnder(cluster.baseDir, name).toString());
            Path runDir = TempDirs.createUnder(TempDirs.createUnder(cluster.baseDir, "run"), name);
            all.put("naru.run-dir", runDir.toString());
            all.putAll(own);
            all.putAll(properties);
            nodeProperties.forEach((node, values) -> {
                if (node.toString().equals(name) || (!separate && services.contains(node.service()))) {
                    all.putAll(values);
                }
            });
            List<String> arguments = new ArrayList<>();
            all.forEach((key, value) -> arguments.add("--" + key + "=" + value));
            Path log = cluster.baseDir.resolve(name + ".log");
            return new NaruProcess(name, services, runDir, log, javaCommand(module), arguments);
        }

        private List<String> javaCommand(String module) {
            List<String> command = new ArrayList<>();
            command.add(JavaCommand.java());
            command.addAll(JavaCommand.quickStart());
            command.add("-Xmx" + heapMb + "m");
            command.addAll(jvmOptions);
            command.add("-jar");
            command.add(Checkout.executableJar(module).toString());
            return command;
        }
    }
}
