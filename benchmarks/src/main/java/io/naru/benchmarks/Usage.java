package io.naru.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a process has used, as Linux counts it.
 *
 * @param cpu           processor time of all its threads, since it started
 * @param compilerCpu   of it, of the JIT compiler's threads that live ({@code -XX:-UseDynamicNumberOfCompilerThreads} lets none go)
 * @param residentBytes memory it has now ({@code VmRSS}; pages of mapped files count)
 * @param peakBytes     most it ever had ({@code VmHWM})
 */
public record Usage(Duration cpu, Duration compilerCpu, long residentBytes, long peakBytes) {

    /** Reads {@code /proc}; all zero on systems without it. */
    public static Usage of(long pid) {
        Duration cpu =
                ProcessHandle.of(pid).flatMap(p -> p.info().totalCpuDuration()).orElse(Duration.ZERO);
        return new Usage(cpu, compilerCpu(pid), status(pid, "VmRSS:"), status(pid, "VmHWM:"));
    }

    private static Duration compilerCpu(long pid) {
        Path tasks = Path.of("/proc", Long.toString(pid), "task");
        if (!Files.isReadable(tasks)) {
            return Duration.ZERO;
        }
        try (var threads = Files.list(tasks)) {
            List<Path> all = threads.toList();
            return Duration.ofMillis(
                    10 * all.stream().mapToLong(Usage::compilerTicks).sum());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + tasks, e);
        }
    }

    /** utime and stime (fields 14 and 15 of {@code stat}, in hundredths of a second) of a compiler's thread; 0 of any other. */
    private static long compilerTicks(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            int name = stat.lastIndexOf(')');
            String[] fields = stat.substring(name + 2).split(" ", -1);
            return stat.contains("CompilerThre") ? Long.parseLong(fields[11]) + Long.parseLong(fields[12]) : 0;
        } catch (IOException e) {
            return 0; // it has ended meanwhile
        }
    }

    private static long status(long pid, String name) {
        Path file = Path.of("/proc", Long.toString(pid), "status");
        if (!Files.isReadable(file)) {
            return 0;
        }
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .findFirst()
                            .orElse(0)
                    * 1024;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
