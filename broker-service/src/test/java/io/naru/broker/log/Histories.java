package io.naru.broker.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Many lives from many seeds, on all processors. {@code -Dnaru.seed=N} replays one, {@code -Dnaru.seeds=N} runs so many from seed 1
 * on. Files are in memory where there is a {@code /dev/shm}: what they would lose is decided by the simulated disk, not by the real one.
 */
final class Histories {

    private static final Path MEMORY = Path.of("/dev/shm");

    private final String test;
    private final Life life;
    private final AtomicLong nextSeed;
    private final long lastSeed;
    private final AtomicReference<@Nullable AssertionError> failure = new AtomicReference<>();

    /** One life. */
    interface Life {

        /** Lives it, in a directory of its own, and throws when it went wrong. */
        void live(long seed, Path directory) throws IOException;
    }

    private Histories(String test, long firstSeed, long lastSeed, Life life) {
        this.test = test;
        this.life = life;
        this.nextSeed = new AtomicLong(firstSeed);
        this.lastSeed = lastSeed;
    }

    /**
     * Runs {@code count} histories, or those that the system properties say.
     *
     * @throws AssertionError of the first that failed, saying how to replay it
     */
    static void run(Class<?> test, long count, Life life) throws IOException {
        Long only = Long.getLong("naru.seed");
        long last = only != null ? only : Long.getLong("naru.seeds", count);
        new Histories(test.getSimpleName(), only != null ? only : 1, last, life).run();
    }

    private void run() throws IOException {
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
            delete(root);
        }
        AssertionError failed = failure.get();
        if (failed != null) {
            throw failed;
        }
    }

    private void work(Path root) {
        for (long seed = nextSeed.getAndIncrement();
                seed <= lastSeed && failure.get() == null;
                seed = nextSeed.getAndIncrement()) {
            Path directory = root.resolve("seed-" + seed);
            try {
                life.live(seed, directory);
                delete(directory);
            } catch (AssertionError | IOException | RuntimeException e) {
                String replay = "mvn -pl broker-service -am test -Dtest=" + test
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dnaru.seed=" + seed;
                failure.compareAndSet(null, new AssertionError("seed " + seed + ", to be replayed by\n" + replay, e));
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
