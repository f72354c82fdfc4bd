package io.naru.broker.log.disk;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A file system of a test's own. Where the machine does not permit mounts, and only there, the test is skipped and says so. */
public final class Mount implements AutoCloseable {

    private final Path path;

    private Mount(Path path) {
        this.path = path;
    }

    /** {@code megabytes} of memory. */
    public static Mount tmpfs(Path path, int megabytes) throws IOException {
        return mount(path, "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs");
    }

    /** A new ext4 in the file {@code image}. */
    public static Mount newExt4(Path path, Path image, int megabytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength((long) megabytes << 20);
        }
        assumeTrue(run("mkfs.ext4", "-q", "-F", image.toString()), "there is no mkfs.ext4 here");
        return image(path, image);
    }

    /** The file system in {@code image}. */
    public static Mount image(Path path, Path image) throws IOException {
        return mount(path, "-o", "loop", image.toString());
    }

    private static Mount mount(Path path, String... what) throws IOException {
        Files.createDirectories(path);
        String[] command = new String[what.length + 2];
        command[0] = "mount";
        System.arraycopy(what, 0, command, 1, what.length);
        command[command.length - 1] = path.toString();
        assumeTrue(run(command), "this machine permits no mounts: " + String.join(" ", command));
        return new Mount(path);
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        if (!run("umount", path.toString())) {
            run("umount", "-l", path.toString()); // a file is open still; it goes when that is closed
        }
    }

    private static boolean run(String... command) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return false; // there is no such command
        }
        try {
            process.getOutputStream().close();
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new AssertionError(e);
        }
    }
}
