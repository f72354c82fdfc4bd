package io.naru.testkit;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Naru as its users run it: real processes from the runnable jars, on free ports, with data in a directory that can
 * outlive a crash. One JVM with all four services ({@link #standalone}) or one JVM each ({@link #fourProcesses}).
 *
 * <pre>{@code
 * try (NaruCluster naru = NaruCluster.standalone().property("naru.broker.auto-create-topics", "false").start()) {
 *     naru.kill9();
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
    private final Map<NaruService, NaruProcess> processes = new EnumMap<>(NaruService.class);

    private NaruCluster(Path baseDir, boolean deleteBaseDir) {
        this.baseDir = baseDir;
        this.deleteBaseDir = deleteBaseDir;
    }

    /** All four services in one JVM, from the standalone jar. */
    public static Builder standalone() {
        return new Builder(false);
    }

    /** Admin, broker, coordinator and gateway as one JVM each, from their own jars. */
    public static Builder fourProcesses() {
        return new Builder(true);
    }

    /** The base URL for records and groups over HTTP, without a slash at the end. */
    public URI gatewayUrl() {
        return httpUrl(NaruService.GATEWAY);
    }

    /** The base URL of admin-service. */
    public URI adminUrl() {
        return httpUrl(NaruService.ADMIN);
    }

    /** The base URL of the coordinator's REST view. */
    public URI coordinatorUrl() {
        return httpUrl(NaruService.COORDINATOR);
    }

    /** The base URL of the broker's HTTP port. */
    public URI brokerUrl() {
        return httpUrl(NaruService.BROKER);
    }

    /** Where a service's actuator answers. */
    public URI managementUrl(NaruService service) {
        return URI.create("http://127.0.0.1:" + runFile(service).managementPort());
    }

    @Override
    public String bootstrapServers() {
        return "127.0.0.1:" + runFile(NaruService.BROKER).kafkaPort();
    }

    /** The ports and process id a service has told. */
    public RunFile runFile(NaruService service) {
        return process(service).runFile(service);
    }

    /** The directory above all data of this cluster. */
    public Path baseDir() {
        return baseDir;
    }

    /** The process that hosts a service, to freeze or watch it. */
    public ChildProcess processOf(NaruService service) {
        return process(service).process();
    }

    /** SIGKILL to every process. */
    public void kill9() {
        distinctProcesses().forEach(NaruProcess::kill9);
    }

    /** SIGKILL to the process that hosts one service. */
    public void kill9(NaruService service) {
        process(service).kill9();
    }

    /** Starts everything that does not run, on the same directories and ports, and waits until it serves. */
    public void restart() {
        startAll();
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
            if (order.get(i).process().isAlive()) {
                exitCodes.add(order.get(i).stop());
            }
        }
        return exitCodes;
    }

    /** SIGTERM to the process that hosts one service; its exit code. */
    public int stop(NaruService service) {
        return process(service).stop();
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

    private URI httpUrl(NaruService service) {
        return URI.create("http://127.0.0.1:" + runFile(service).httpPort());
    }

    private NaruProcess process(NaruService service) {
        NaruProcess process = processes.get(service);
        if (process == null) {
            throw new IllegalStateException(service + " has not been started");
        }
        return process;
    }

    private Set<NaruProcess> distinctProcesses() {
        return new LinkedHashSet<>(processes.values());
    }

    private void startAll() {
        for (NaruProcess process : distinctProcesses()) {
            if (!process.isAlive()) {
                process.start();
            }
        }
        distinctProcesses().forEach(NaruProcess::awaitReady);
    }

    /** Says what to start; every setting has a default that suits tests. */
    public static final class Builder {
        private final boolean fourProcesses;
        private final Map<String, String> properties = new LinkedHashMap<>();
        private final List<String> jvmOptions = new ArrayList<>();
        private int heapMb = 256;
        private boolean restartable;
        private @Nullable Path baseDir;

        private Builder(boolean fourProcesses) {
            this.fourProcesses = fourProcesses;
        }

        /** A Spring property for every process, e.g. {@code naru.broker.auto-create-topics}. */
        public Builder property(String name, String value) {
            properties.put(name, value);
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
            NaruCluster cluster = new NaruCluster(base, baseDir == null);
            boolean started = false;
            try {
                if (fourProcesses) {
                    startFour(cluster);
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
            NaruProcess process = prepare(cluster, "standalone", "standalone", all, Map.of());
            all.forEach(service -> cluster.processes.put(service, process));
            cluster.startAll();
        }

        private void startFour(NaruCluster cluster) {
            startAlone(cluster, NaruService.ADMIN, Map.of());
            String adminUrl = cluster.adminUrl().toString();
            Map<String, String> controlPlane = Map.of("naru.control-plane.urls", adminUrl);
            startAlone(cluster, NaruService.BROKER, controlPlane);
            startAlone(cluster, NaruService.COORDINATOR, controlPlane);
            startAlone(
                    cluster,
                    NaruService.GATEWAY,
                    Map.of("naru.gateway.bootstrap", cluster.bootstrapServers(), "naru.gateway.admin-url", adminUrl));
            cluster.startAll();
        }

        private void startAlone(NaruCluster cluster, NaruService service, Map<String, String> peers) {
            NaruProcess process = prepare(cluster, service.id(), service.module(), EnumSet.of(service), peers);
            cluster.processes.put(service, process);
            process.start();
        }

        private NaruProcess prepare(
                NaruCluster cluster, String name, String module, Set<NaruService> services, Map<String, String> peers) {
            Map<String, String> all = new LinkedHashMap<>();
            for (NaruService service : services) {
                service.portProperties()
                        .forEach(port -> all.put(port, restartable ? Integer.toString(FreePorts.pick()) : "0"));
            }
            all.put("naru.data-dir", TempDirs.createUnder(cluster.baseDir, name).toString());
            Path runDir = TempDirs.createUnder(cluster.baseDir, "run");
            all.put("naru.run-dir", runDir.toString());
            all.putAll(peers);
            all.putAll(properties);
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
