package io.naru.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.broker.log.cleaner.Throttle;
import io.naru.broker.log.disk.Disk;
import io.naru.broker.log.disk.Mount;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power goes, on a real file system: its image is copied while it is mounted, and what the copy holds is all that the disk had
 * been told to keep. Every acknowledged record must be in it, and with an fsync that does nothing they must not be, else this test
 * tests nothing.
 */
@Timeout(120)
class PowerCutIT {

    private static final int CUTS = 6;

    @TempDir
    private Path root;

    /** An image and the last offset that was acknowledged before the power went. */
    private record Cut(Path image, long acked) {}

    @Test
    void everythingAcknowledgedIsThereAfterwards() throws Exception {
        for (Cut cut : cutPower(true)) {
            expectNothingLost(cut);
        }
    }

    @Test
    void withoutFsyncItIsNot() throws Exception {
        int losses = 0;
        for (Cut cut : cutPower(false)) {
            try {
                expectNothingLost(cut);
            } catch (AssertionError lost) {
                losses++;
            }
        }
        assertThat(losses).isPositive();
    }

    private List<Cut> cutPower(boolean fsync) throws Exception {
        Random random = new Random(7);
        List<Cut> cuts = new ArrayList<>();
        Path image = root.resolve("image");
        try (Mount mount = Mount.newExt4(root.resolve("mount"), image, 24)) {
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-XX:+UseSerialGC",
                            "-XX:-UsePerfData",
                            "-cp",
                            System.getProperty("java.class.path"),
                            PowerCutMain.class.getName(),
                            mount.path().resolve("data").toString(),
                            Boolean.toString(fsync))
                    .redirectError(
                            ProcessBuilder.Redirect.to(root.resolve("errors").toFile()))
                    .start();
            try (BufferedReader acks =
                    new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
                long acked = -1;
                while (cuts.size() < CUTS) {
                    long until = acked + 1 + random.nextInt(150);
                    while (acked < until) {
                        String line = acks.readLine();
                        assertThat(line).as(this::errors).isNotNull();
                        if (line.startsWith(PowerCutMain.ACK)) {
                            acked = Long.parseLong(line.substring(PowerCutMain.ACK.length()));
                        }
                    }
                    signal(child, "-STOP"); // the copy is of one moment
                    Path copy = Files.copy(image, root.resolve("cut-" + cuts.size() + "-" + fsync));
                    cuts.add(new Cut(copy, acked));
                    signal(child, "-CONT");
                }
            } finally {
                child.destroyForcibly();
                assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
            }
        }
        Files.delete(image);
        return cuts;
    }

    private String errors() {
        try {
            return Files.readString(root.resolve("errors"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static void signal(Process child, String signal) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", signal, Long.toString(child.pid())).start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS) && kill.exitValue() == 0).isTrue();
    }

    private void expectNothingLost(Cut cut) throws IOException {
        try (Mount mount = Mount.image(root.resolve("after"), cut.image())) {
            LogManager manager = PowerCutMain.open(mount.path().resolve("data"), Disk.local());
            try {
                Log log = manager.get(PowerCutMain.PARTITION).orElseThrow(() -> new AssertionError("no log"));
                assertThat(log.logEndOffset()).isGreaterThan(cut.acked());
                assertThat(log.scrub(Throttle.NONE)).isEmpty();
                List<String> contents = Batches.contents(log, log.logStartOffset());
                long offset = log.logStartOffset();
                for (String found : contents) {
                    assertThat(found).isEqualTo(offset + "=" + PowerCutMain.value(offset));
                    offset++;
                }
                assertThat(offset).isEqualTo(log.logEndOffset());
            } finally {
                manager.abandon();
            }
        } finally {
            Files.delete(cut.image());
        }
    }
}
