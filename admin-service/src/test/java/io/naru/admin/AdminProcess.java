package io.naru.admin;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import tools.jackson.databind.json.JsonMapper;

/** An admin-service in a process of its own, to be killed. */
public final class AdminProcess implements AutoCloseable {

    private final Path dataDir;
    private final Process process;

    /** Starts it over {@code dataDir}. */
    public AdminProcess(Path dataDir, String... properties) throws IOException {
        this.dataDir = Files.createDirectories(dataDir);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                AdminApplication.class.getName(),
                "--naru.data-dir=" + dataDir,
                "--naru.run-dir=" + dataDir,
                "--naru.admin.port=0"));
        command.addAll(List.of(properties));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(dataDir.resolve("log").toFile())
                .start();
    }

    /** Where it listens, once it does. */
    public URI url() throws IOException {
        File run = dataDir.resolve("admin.json").toFile();
        Awaitility.await().atMost(60, TimeUnit.SECONDS).until(run::exists);
        int port = new JsonMapper()
                .readTree(Files.readAllBytes(run.toPath()))
                .get("http")
                .asInt();
        return URI.create("http://127.0.0.1:" + port);
    }

    /** SIGKILL. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
