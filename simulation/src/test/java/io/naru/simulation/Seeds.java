package io.naru.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Runs lives from many seeds on all processors. Files are in memory where there is a {@code /dev/shm}. */
final class Seeds {

    private static final Path MEMORY = Path.of("/dev/shm");

    private final AtomicLong next;
    private final long last;
    private final AtomicReference<@Nullable AssertionError> failure = new AtomicReference<>();
    private final AtomicLong lives = new AtomicLong();
    private final AtomicLong events = new AtomicLong();
    private final AtomicLong acked = new AtomicLong();
    private final AtomicLong seen = new AtomicLong();
    private final AtomicLong commits = new AtomicLong();

    /** What was done. */
    record Figures(long lives, long events, long acked, long seen, long commits, long wallMs) {}

    private Seeds(long first, long last) {
        this.next = new AtomicLong(first);
        this.last = last;
    }

    /** Runs these and all between; throws with the first that fails and how to replay it. */
    static Figures run(long first, long last) throws IOException {
        return new Seeds(first, last).run();
    }

    private Figures run() throws IOException {
        long begin = System.nanoTime();
        Path root = Files.isWritable(MEMORY)
                ? Files.createTempDirectory(MEMORY, "naru-")
                : Files.createTempDirectory("naru-");
        int threads = Runtime.getRuntime().availableProcessors();
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                workers.add(executor.submit(() -> work(root)));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        } finally {
            executor.shutdownNow();
            Trees.delete(root);
        }
        AssertionError failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        return new Figures(
                lives.get(),
                events.get(),
                acked.get(),
                seen.get(),
                commits.get(),
                (System.nanoTime() - begin) / 1_000_000);
    }

    private void work(Path root) {
        for (long seed = next.getAndIncrement(); seed <= last && failure.get() == null; seed = next.getAndIncrement()) {
            live(seed, root.resolve("seed-" + seed));
        }
    }

    private void live(long seed, Path directory) {
        Simulation life = new Simulation(seed, directory);
        try {
            life.run();
            life.end();
            Trees.delete(directory);
            lives.incrementAndGet();
            events.addAndGet(life.events().ran());
            acked.addAndGet(life.ledger().ackedCount());
            seen.addAndGet(life.ledger().seenCount());
            life.group().ifPresent(group -> commits.addAndGet(group.ledger().commits()));
        } catch (AssertionError | IOException | RuntimeException e) {
            failure.compareAndSet(
                    null,
                    new AssertionError(
                            String.join("\n", life.trace().lines()) + "\n\nseed " + seed + ": " + e.getMessage()
                                    + "\nto be replayed by\nmvn -pl simulation -am test -Dtest=ClusterSimulationTest"
                                    + " -Dsurefire.failIfNoSpecifiedTests=false -Dnaru.simulation.seed=" + seed,
                            e));
        }
    }
}
