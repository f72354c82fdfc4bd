package io.naru.benchmarks.log;

import io.naru.benchmarks.Figures;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * How long a start takes after a kill that left no recovery point: every batch of every log is read and checked. Beside it, in the same
 * run, plain reading of the same bytes. Each measurement is a JVM of its own.
 */
@Command(
        name = "recovery",
        description = "Opening logs after a kill, beside plain reading of the same files.",
        mixinStandardHelpOptions = true)
public final class RecoveryBenchmark implements Callable<Integer> {

    @Option(names = "--gigabytes", defaultValue = "1", description = "Size of all logs (${DEFAULT-VALUE}).")
    private double gigabytes = 1;

    @Option(names = "--partitions", defaultValue = "4", description = "How many logs that is (${DEFAULT-VALUE}).")
    private int partitions = 4;

    @Option(names = "--threads", description = "Logs that are opened at a time (one for each processor).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--rounds", defaultValue = "3", description = "How often each is measured (${DEFAULT-VALUE}).")
    private int rounds = 3;

    @Option(names = "--heap", defaultValue = "256", description = "Heap of each JVM in MB (${DEFAULT-VALUE}).")
    private int heap = 256;

    @Option(names = "--directory", description = "Where the logs are made, and removed again (a temporary directory).")
    private @Nullable Path parent;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter console = Objects.requireNonNull(spec).commandLine().getOut();
        Path base = parent == null ? Path.of(System.getProperty("java.io.tmpdir")) : parent;
        Path directory = Files.createTempDirectory(base, "naru-recovery-");
        try {
            long bytes = (long) (gigabytes * (1L << 30));
            console.println(told(new Figures(), "filling", child("fill", directory, partitions, bytes)));
            console.println(
                    Files.isWritable(Path.of("/proc/sys/vm/drop_caches"))
                            ? "the page cache is dropped before each"
                            : "the page cache cannot be dropped here, so it is warm");
            Figures figures = new Figures();
            for (int round = 1; round <= rounds; round++) {
                console.println(told(figures, "recovery", child("recover", directory, threads, bytes)));
                console.println(told(figures, "reading", child("read", directory, threads, bytes)));
                console.flush();
            }
            figures.print(console);
            console.flush();
        } finally {
            delete(directory);
        }
        return 0;
    }

    /** Runs {@link RecoverySteps} and returns the line that it prints. */
    private String child(String step, Path directory, int count, long bytes) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap + "m",
                "-XX:+UseSerialGC",
                "-Dlogback.configurationFile=" + System.getProperty("logback.configurationFile", ""),
                "-cp",
                System.getProperty("java.class.path"),
                RecoverySteps.class.getName()));
        command.addAll(List.of(step, directory.toString(), Integer.toString(count), Long.toString(bytes)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(step + " failed: " + output);
        }
        return output.lines()
                .filter(line -> line.startsWith(RecoverySteps.RESULT))
                .reduce((first, second) -> second)
                .orElseThrow(() -> new IOException(step + " printed no result: " + output))
                .substring(RecoverySteps.RESULT.length());
    }

    /** Notes the result of one step and returns its line for people. */
    private static String told(Figures figures, String what, String result) {
        String[] fields = result.split(" ", 3);
        double seconds = Long.parseLong(fields[0]) / 1e9;
        double megabytes = Long.parseLong(fields[1]) / 1e6;
        double cpuSeconds = Long.parseLong(fields[2]) / 1e3;
        figures.add("MB/s", what, megabytes / seconds);
        figures.add("CPU s", what, cpuSeconds);
        return String.format(
                Locale.ROOT,
                "%-10s %8.0f MB in %6.2f s: %6.0f MB/s, CPU %.2f s",
                what,
                megabytes,
                seconds,
                megabytes / seconds,
                cpuSeconds);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
