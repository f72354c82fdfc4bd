package io.naru.system;

import io.naru.testkit.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Commands run to their end, with everything they printed. */
final class Shell {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private Shell() {}

    /** What a command left: exit code, standard output and standard error. */
    record Outcome(int exitCode, String out, String error) {
        @Override
        public String toString() {
            return "exit " + exitCode + "\nstdout: " + out + "\nstderr: " + error;
        }
    }

    /** Runs a command line in {@code directory} with nothing on its standard input. */
    static Outcome run(Path directory, List<String> command) {
        return run(directory, command, new byte[0]);
    }

    /** Runs a command line in {@code directory} and gives it {@code input}. */
    static Outcome run(Path directory, List<String> command, byte[] input) {
        try {
            Path in = Files.createTempFile("naru-shell-", ".in");
            Path out = Files.createTempFile("naru-shell-", ".out");
            Path error = Files.createTempFile("naru-shell-", ".err");
            try {
                Files.write(in, input);
                Process process = new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectInput(in.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(error.toFile())
                        .start();
                if (!process.waitFor(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError(command + " still runs after " + TIMEOUT + "\n" + Files.readString(error));
                }
                return new Outcome(process.exitValue(), Files.readString(out), Files.readString(error));
            } finally {
                Files.delete(in);
                Files.delete(out);
                Files.delete(error);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command, e);
        }
    }

    /** Starts a command line that goes on by itself; its output goes to {@code log}. */
    static ChildProcess start(Path directory, List<String> command, Path log) {
        return ChildProcess.start(command.get(0), command, log, directory);
    }
}
