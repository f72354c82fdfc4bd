package io.naru.standalone;

import io.naru.admin.AdminApplication;
import io.naru.broker.BrokerApplication;
import io.naru.coordinator.CoordinatorApplication;
import io.naru.gateway.GatewayApplication;
import io.naru.service.NaruService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts and stops the four services. Starts overlap: a service begins as soon as the addresses it must be told are known, which is at
 * once unless port 0 was asked for.
 */
final class Standalone implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Standalone.class);
    private static final long READY_CHECK_MS = 20;

    private final Settings settings;
    private final RunningService admin;
    private final RunningService broker;
    private final RunningService coordinator;
    private final RunningService gateway;
    private volatile boolean closing;

    private Standalone(
            Settings settings,
            RunningService admin,
            RunningService broker,
            RunningService coordinator,
            RunningService gateway) {
        this.settings = settings;
        this.admin = admin;
        this.broker = broker;
        this.coordinator = coordinator;
        this.gateway = gateway;
    }

    /**
     * Starts all four.
     *
     * @throws CompletionException with what one of them failed with; the others are stopped again
     */
    static Standalone start(String... args) {
        Settings settings = Settings.of(args);
        ExecutorService starters = Executors.newFixedThreadPool(4);
        try {
            CompletableFuture<RunningService> admin = start(starters, AdminApplication.class, "admin", Map.of(), args);
            CompletableFuture<Map<String, String>> controlPlane = port(
                            settings.adminPort(), admin, RunningService::httpPort)
                    .thenApply(port -> Map.of(
                            "naru.control-plane.urls",
                            "http://" + settings.dialAddress() + ":" + port,
                            "naru.broker.auto-create-topics",
                            "true"));
            CompletableFuture<RunningService> broker =
                    controlPlane.thenCompose(told -> start(starters, BrokerApplication.class, "broker", told, args));
            CompletableFuture<RunningService> coordinator = controlPlane.thenCompose(
                    told -> start(starters, CoordinatorApplication.class, "coordinator", told, args));
            CompletableFuture<RunningService> gateway = port(settings.kafkaPort(), broker, RunningService::kafkaPort)
                    .thenCombine(
                            port(settings.adminPort(), admin, RunningService::httpPort),
                            (kafka, http) -> Map.of(
                                    "naru.gateway.bootstrap", settings.dialAddress() + ":" + kafka,
                                    "naru.gateway.admin-url", "http://" + settings.dialAddress() + ":" + http))
                    .thenCompose(told -> start(starters, GatewayApplication.class, "gateway", told, args));
            List<CompletableFuture<RunningService>> all = List.of(gateway, coordinator, broker, admin);
            try {
                CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
            } catch (CompletionException failed) {
                all.forEach(Standalone::closeIfStarted);
                throw failed;
            }
            return new Standalone(settings, admin.join(), broker.join(), coordinator.join(), gateway.join());
        } finally {
            starters.shutdown();
        }
    }

    private static CompletableFuture<Integer> port(
            int asked,
            CompletableFuture<RunningService> service,
            java.util.function.Function<RunningService, Integer> bound) {
        return asked != 0 ? CompletableFuture.completedFuture(asked) : service.thenApply(bound);
    }

    private static CompletableFuture<RunningService> start(
            ExecutorService starters, Class<?> application, String name, Map<String, String> told, String... args) {
        List<String> all = new ArrayList<>();
        // What the user says comes last and wins.
        told.forEach((key, value) -> all.add("--" + key + "=" + value));
        all.add("--spring.main.register-shutdown-hook=false");
        all.addAll(List.of(args));
        List<String> unique = lastOfEach(all);
        return CompletableFuture.supplyAsync(
                () -> new RunningService(name, NaruService.run(application, name, unique.toArray(String[]::new))),
                starters);
    }

    /** Spring joins repeated options into a list; here the last one counts. */
    private static List<String> lastOfEach(List<String> args) {
        Map<String, String> byName = new java.util.LinkedHashMap<>();
        args.forEach(arg -> byName.put(arg.split("=", 2)[0], arg));
        return List.copyOf(byName.values());
    }

    private static void closeIfStarted(CompletableFuture<RunningService> service) {
        try {
            service.join().context().close();
        } catch (CompletionException neverStarted) {
            log.atDebug().setCause(neverStarted).log("A service had not started");
        }
    }

    /** Waits until every service is ready, or {@code timeoutMs} have passed. */
    boolean awaitReady(long timeoutMs) throws InterruptedException {
        long deadline = System.nanoTime() + timeoutMs * 1_000_000;
        for (RunningService service : List.of(admin, broker, coordinator, gateway)) {
            while (!closing && !service.ready()) {
                if (System.nanoTime() > deadline) {
                    log.atWarn()
                            .addKeyValue("service", service.name())
                            .log("Not ready yet; its /actuator/health/readiness says why");
                    return false;
                }
                Thread.sleep(READY_CHECK_MS);
            }
        }
        return !closing;
    }

    /** Whether it is being stopped. */
    boolean closing() {
        return closing;
    }

    /** What to show the person who started this. */
    Banner banner(long startedInMs) {
        String host = settings.dialAddress();
        return new Banner(
                "http://" + host + ":" + gateway.httpPort(),
                host + ":" + broker.kafkaPort(),
                "http://" + host + ":" + admin.httpPort(),
                "http://" + host + ":" + coordinator.httpPort(),
                settings.dataDir(),
                startedInMs);
    }

    /** Stops all four: first what takes requests, last what the others need. */
    @Override
    public void close() {
        closing = true;
        for (RunningService service : List.of(gateway, coordinator, broker, admin)) {
            service.context().close();
        }
    }
}
