package io.naru.benchmarks.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The load generator wrk (Debian package {@code wrk}), one run at a time. */
final class Wrk {

    private static final Pattern LATENCY = Pattern.compile("\\s(50|99)%\\s+([\\d.]+)(us|ms|s)");
    private static final Pattern REQUESTS = Pattern.compile("Requests/sec:\\s+([\\d.]+)");
    private static final Pattern TRANSFER = Pattern.compile("Transfer/sec:\\s+([\\d.]+)(B|KB|MB|GB)");
    private static final Pattern FAILED = Pattern.compile("Non-2xx or 3xx responses: (\\d+)|Socket errors: (.*)");

    private Wrk() {}

    /**
     * What one run measured.
     *
     * @param bytesPerSecond answers with their heads
     */
    record Result(double requestsPerSecond, double p50Ms, double p99Ms, double bytesPerSecond) {}

    static Result run(Path directory, String url, int connections, int seconds, String script)
            throws IOException, InterruptedException {
        Path lua = Files.createTempFile(directory, "wrk", ".lua");
        Path output = Files.createTempFile(directory, "wrk", ".out");
        Files.writeString(lua, script);
        Process process;
        try {
            process = new ProcessBuilder(List.of(
                            "wrk",
                            "-t1",
                            "-c" + connections,
                            "-d" + seconds + "s",
                            "--latency",
                            "--timeout",
                            "10s",
                            "-s",
                            lua.toString(),
                            url))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            throw new IOException("wrk cannot be run; install it (Debian: apt install wrk)", e);
        }
        if (!process.waitFor(seconds + 60L, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("wrk does not end");
        }
        return parse(Files.readString(output, StandardCharsets.UTF_8));
    }

    private static Result parse(String output) throws IOException {
        Matcher failed = FAILED.matcher(output);
        Matcher requests = REQUESTS.matcher(output);
        Matcher transfer = TRANSFER.matcher(output);
        if (failed.find() || !requests.find() || !transfer.find()) {
            throw new IOException("the run was not clean:\n" + output);
        }
        double p50 = 0;
        double p99 = 0;
        Matcher latency = LATENCY.matcher(output);
        while (latency.find()) {
            double ms = Double.parseDouble(latency.group(2))
                    * switch (latency.group(3)) {
                        case "us" -> 0.001;
                        case "ms" -> 1;
                        default -> 1000;
                    };
            if (latency.group(1).equals("50")) {
                p50 = ms;
            } else {
                p99 = ms;
            }
        }
        double unit = switch (transfer.group(2)) {
            case "B" -> 1;
            case "KB" -> 1 << 10;
            case "MB" -> 1 << 20;
            default -> 1 << 30;
        };
        return new Result(
                Double.parseDouble(requests.group(1)), p50, p99, Double.parseDouble(transfer.group(1)) * unit);
    }
}
