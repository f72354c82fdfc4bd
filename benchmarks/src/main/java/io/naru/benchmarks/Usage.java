package io.naru.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a process has used, as Linux counts it.
 *
 * @param cpu           processor time of all its threads, since it started
 * @param residentBytes memory it has now ({@code VmRSS}; pages of mapped files count)
 * @param peakBytes     most it ever had ({@code VmHWM})
 */
public record Usage(Duration cpu, long residentBytes, long peakBytes) {

    /** Reads {@code /proc}; all zero on systems without it. */
    public static Usage of(long pid) {
        Duration cpu =
                ProcessHandle.of(pid).flatMap(p -> p.info().totalCpuDuration()).orElse(Duration.ZERO);
        return new Usage(cpu, status(pid, "VmRSS:"), status(pid, "VmHWM:"));
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
