package io.naru.testkit;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One JVM that hosts one service or all four, with its run directory and log. It can be killed and started again on
 * the same directories and ports. Not thread-safe: one test thread drives it.
 */
final class NaruProcess implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
    /** What a clean shutdown may take. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(15);

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final String name;
    private final Set<NaruService> services;
    private final Path runDir;
    private final Path log;
    private final List<String> command;
    private final List<String> arguments;
    private final Map<NaruService, RunFile> runFiles = new EnumMap<>(NaruService.class);
    private @Nullable ChildProcess child;

    /**
     * @param command {@code java … -jar x.jar}
     * @param arguments Spring properties, {@code --name=value}; when two set the same port the later one counts
     */
    NaruProcess(
            String name,
            Set<NaruService> services,
            Path runDir,
            Path log,
            List<String> command,
            List<String> arguments) {
        this.name = name;
        this.services = services;
        this.runDir = runDir;
        this.log = log;
        this.command = command;
        this.arguments = new ArrayList<>(arguments);
    }

    /** Starts it and returns at once. */
    void launch() {
        if (isAlive()) {
            throw new IllegalStateException(name + " runs already");
        }
        List<String> full = new ArrayList<>(command);
        full.addAll(arguments);
        child = ChildProcess.start(name, full, log);
    }

    /** Waits until every service in it has bound its ports and said so; a restart will come back to them. */
    void awaitBound() {
        await(
                "bind its ports",
                () -> services.stream().allMatch(service -> ownRunFile(service).isPresent()));
        for (NaruService service : services) {
            RunFile runFile = ownRunFile(service).orElseThrow();
            runFiles.put(service, runFile);
            fixPorts(runFile);
        }
    }

    boolean isAlive() {
        return child != null && child.isAlive();
    }

    /** Waits until every service in it reports that it can serve. */
    void awaitReady() {
        await("get ready", this::isReady);
    }

    /** Whether every service in it reports that it can serve. */
    boolean isReady() {
        return services.stream().allMatch(this::isReady);
    }

    boolean hosts(NaruService service) {
        return services.contains(service);
    }

    RunFile runFile(NaruService service) {
        RunFile runFile = runFiles.get(service);
        if (runFile == null) {
            throw new IllegalStateException(service + " is not hosted by " + name + " or never started");
        }
        return runFile;
    }

    void kill9() {
        process().kill9();
    }

    /** SIGTERM; fails when the process needs more than 15 s. */
    int stop() {
        return process().stop(STOP_TIMEOUT);
    }

    ChildProcess process() {
        if (child == null) {
            throw new IllegalStateException(name + " was never started");
        }
        return child;
    }

    String logTail() {
        return process().logTail();
    }

    @Override
    public void close() {
        if (child != null) {
            child.close();
        }
    }

    /** A restart comes back where its clients look for it. */
    private void fixPorts(RunFile runFile) {
        List<String> names = runFile.service().portProperties();
        List<Integer> ports = switch (runFile.service()) {
            case ADMIN -> List.of(runFile.httpPort());
            case BROKER, COORDINATOR -> List.of(runFile.httpPort(), runFile.kafkaPort());
            case GATEWAY -> List.of(runFile.httpPort(), runFile.managementPort());
        };
        for (int i = 0; i < names.size(); i++) {
            String prefix = "--" + names.get(i) + "=";
            arguments.removeIf(argument -> argument.startsWith(prefix));
            arguments.add(prefix + ports.get(i));
        }
    }

    /** Run files of an earlier process on the same directory do not count. */
    private Optional<RunFile> ownRunFile(NaruService service) {
        return RunFile.read(runDir, service)
                .filter(file -> file.pid() == process().pid());
    }

    private boolean isReady(NaruService service) {
        URI uri = URI.create("http://127.0.0.1:" + runFile(service).managementPort() + "/actuator/health/readiness");
        HttpRequest request =
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build();
        try {
            return HTTP.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + name, e);
        }
    }

    void await(String what, BooleanSupplier condition) {
        ChildProcess process = process();
        try {
            Awaitility.await()
                    .atMost(START_TIMEOUT)
                    .pollInterval(Duration.ofMillis(50))
                    .pollDelay(Duration.ZERO)
                    .until(() -> !process.isAlive() || condition.getAsBoolean());
        } catch (ConditionTimeoutException e) {
            String tail = process.logTail();
            process.close();
            throw new AssertionError(name + " did not " + what + " within " + START_TIMEOUT + tail, e);
        }
        if (!process.isAlive()) {
            throw new AssertionError(
                    name + " ended with " + process.exitCode() + " before it could " + what + process.logTail());
        }
    }
}
