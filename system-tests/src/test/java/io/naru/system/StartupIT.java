package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.testkit.Checkout;
import io.naru.testkit.ChildProcess;
import io.naru.testkit.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a newcomer waits: from {@code ./naru start} with the jar built, on an empty data directory, to the first
 * record stored over HTTP, tried again and again from the first moment. Measured and told, not judged: the figure
 * belongs to the machine. It is in {@code target/startup.txt}.
 */
@Timeout(240)
class StartupIT {
    private static final Logger log = LoggerFactory.getLogger(StartupIT.class);
    private static final int RUNS = 3;

    @TempDir
    Path dir;

    @Test
    void firstProduceAfterStart() throws IOException {
        Shell.Outcome prepared = Shell.run(Checkout.root(), List.of("./naru", "prepare")); // as ./naru build does
        assertThat(prepared.exitCode()).as(prepared.toString()).isZero();
        assertThat(prepared.error()).doesNotContain("slower");
        List<String> figures = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            figures.add(millisToFirstProduce(dir.resolve("data-" + run)) + " ms");
        }
        String told = "./naru start to first record stored over HTTP: " + figures;
        log.warn(told);
        Files.writeString(Path.of("target", "startup.txt"), told + "\n");
    }

    private static long millisToFirstProduce(Path data) {
        int port = FreePorts.pick();
        List<String> command = LaunchedNaru.command("start", data);
        command.addAll(List.of(
                "--no-build",
                "--port=" + port,
                "--management-port=0",
                "--admin-port=0",
                "--coordinator-port=0",
                "--coordinator-kafka-port=0",
                "--broker-port=0",
                "--kafka-port=0"));
        Http http = new Http(URI.create("http://127.0.0.1:" + port));
        long start = System.nanoTime();
        try (ChildProcess naru =
                Shell.start(Checkout.root(), command, data.resolveSibling(data.getFileName() + ".log"))) {
            while (!stored(http)) {
                assertThat(naru.isAlive()).as(naru.logTail()).isTrue();
                assertThat(Duration.ofNanos(System.nanoTime() - start))
                        .as(naru.logTail())
                        .isLessThan(Duration.ofMinutes(1));
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        }
    }

    private static boolean stored(Http http) {
        try {
            return http.post("/v1/topics/greetings/records", "hello world").status() == 201;
        } catch (IOException notYet) {
            return false;
        }
    }
}
