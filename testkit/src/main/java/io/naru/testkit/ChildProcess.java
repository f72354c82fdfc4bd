package io.naru.testkit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One operating-system process with its output in a file. Whatever way the test JVM ends in order, the process ends
 * with it: every live one is killed by a shutdown hook.
 */
public final class ChildProcess implements AutoCloseable {
    private static final Set<ChildProcess> LIVE = ConcurrentHashMap.newKeySet();
    private static final int TAIL_BYTES_MAX = 16 * 1024;

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> LIVE.forEach(ChildProcess::kill9), "testkit-reaper"));
    }

    private final String name;
    private final Process process;
    private final Path log;

    private ChildProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts {@code command} with standard output and error appended to {@code log}.
     *
     * @param name what failure messages call it
     */
    public static ChildProcess start(String name, List<String> command, Path log) {
        return start(name, command, log, null);
    }

    /** As {@link #start(String, List, Path)}, in {@code directory}. */
    public static ChildProcess start(String name, List<String> command, Path log, @Nullable Path directory) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        if (directory != null) {
            builder.directory(directory.toFile());
        }
        try {
            ChildProcess child = new ChildProcess(name, builder.start(), log);
            LIVE.add(child);
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException("could not start " + name + ": " + command, e);
        }
    }

    /** What it is called in messages. */
    public String name() {
        return name;
    }

    /** The process id. */
    public long pid() {
        return process.pid();
    }

    /** Whether it still runs (a frozen process does). */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** The exit code of a process that has ended. */
    public int exitCode() {
        return process.exitValue();
    }

    /** SIGKILL, and waits until the kernel has taken it away. */
    public void kill9() {
        process.destroyForcibly();
        if (!await(Duration.ofSeconds(10))) {
            throw new IllegalStateException(name + " (pid " + pid() + ") survived SIGKILL for 10 s");
        }
    }

    /**
     * SIGTERM, then waits for a clean end.
     *
     * @return the exit code: 143 for a JVM whose shutdown hooks ran to the end
     * @throws AssertionError with the tail of the log when it still runs after {@code timeout}
     */
    public int stop(Duration timeout) {
        process.destroy();
        if (!await(timeout)) {
            kill9();
            throw new AssertionError(name + " did not stop within " + timeout + " of SIGTERM" + logTail());
        }
        return exitCode();
    }

    /** SIGSTOP: alive for the kernel, its connections open, yet it does nothing more. */
    public void freeze() {
        signal("STOP");
    }

    /** SIGCONT: undoes {@link #freeze}. */
    public void thaw() {
        signal("CONT");
    }

    /** Waits for the end; false when it still runs. */
    public boolean await(Duration timeout) {
        try {
            boolean ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (ended) {
                LIVE.remove(this);
            }
            return ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + name, e);
        }
    }

    /** The last lines it wrote, framed for an assertion message. */
    public String logTail() {
        return "\n--- " + name + " (pid " + pid() + "), end of " + log + " ---\n" + tail(log) + "\n--- end of " + name
                + " ---";
    }

    /** Kills it if it still runs. */
    @Override
    public void close() {
        if (process.isAlive()) {
            kill9();
        }
        LIVE.remove(this);
    }

    private void signal(String signal) {
        try {
            int exit = new ProcessBuilder("kill", "-" + signal, Long.toString(pid()))
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("kill -" + signal + " " + name + " exited with " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static String tail(Path file) {
        if (!Files.exists(file)) {
            return "(no output)";
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(0, in.length() - TAIL_BYTES_MAX);
            byte[] bytes = new byte[(int) (in.length() - from)];
            in.seek(from);
            in.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(log not readable: " + e + ")";
        }
    }
}
