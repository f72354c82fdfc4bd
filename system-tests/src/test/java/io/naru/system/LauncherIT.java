package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.testkit.Checkout;
import io.naru.testkit.ChildProcess;
import io.naru.testkit.FreePorts;
import io.naru.testkit.JavaCommand;
import io.naru.testkit.NaruService;
import io.naru.testkit.RunFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./naru start}, {@code status} and {@code stop}, and what they say when something is in the way. */
@Timeout(180)
class LauncherIT {
    private static final List<String> FREE_PORTS = List.of(
            "--port=0",
            "--management-port=0",
            "--admin-port=0",
            "--coordinator-port=0",
            "--coordinator-kafka-port=0",
            "--broker-port=0",
            "--kafka-port=0");

    @TempDir
    Path data;

    @Test
    void startsInTheBackgroundTellsItsStateAndStops() {
        try (LaunchedNaru naru = LaunchedNaru.start(data)) {
            assertThat(naru.output())
                    .as("the banner names every address and what to type next")
                    .contains(":" + naru.port("--port"), ":" + naru.port("--kafka-port"), data.toString(), "curl");
            Shell.Outcome status = naru.status();
            assertThat(status.exitCode()).as(status.toString()).isZero();
            assertThat(status.out().lines()).hasSize(4).allMatch(line -> line.contains(" ready "));
            assertThat(new Curl(naru.gatewayUrl())
                            .call("/v1/topics/t/records", "-d", "hello")
                            .status())
                    .isEqualTo(201);

            assertThat(healthProbe(data.resolve("run")).out()).contains("4 ready");
            Shell.Outcome second = Shell.run(Checkout.root(), withFreePorts(data));
            assertThat(second.exitCode()).isNotZero();
            assertThat(second.error()).contains("already runs", "./naru stop");

            assertThat(naru.stop().exitCode()).isZero();
            assertThat(naru.status().exitCode()).isEqualTo(3);
        }
    }

    /** The Java process takes the place of the script, so Ctrl-C and SIGTERM reach it. */
    @Test
    void endsCleanlyOnTheSignalsThatTerminalsAndSupervisorsSend() throws IOException {
        for (String signal : List.of("INT", "TERM")) {
            Path log = data.resolve(signal + ".log");
            Files.createDirectories(data);
            try (ChildProcess naru = Shell.start(Checkout.root(), withFreePorts(data), log)) {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> !naru.isAlive()
                                || RunFile.read(data.resolve("run"), NaruService.GATEWAY)
                                        .filter(file -> file.pid() == naru.pid())
                                        .isPresent());
                assertThat(naru.isAlive()).as(naru.logTail()).isTrue();
                Shell.run(data, List.of("kill", "-" + signal, Long.toString(naru.pid())));
                assertThat(naru.await(Duration.ofSeconds(15)))
                        .as(naru.logTail())
                        .isTrue();
                assertThat(naru.exitCode()).isEqualTo(signal.equals("INT") ? 130 : 143);
                assertThat(data.resolve("run").resolve("gateway.json")).doesNotExist();
                assertThat(Files.readString(log)).doesNotContain("Exception", "ERROR");
            }
        }
    }

    @Test
    void namesThePortThatIsInUseAndTheOptionForAnother() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<String> command = withFreePorts(data);
            command.add("--kafka-port=" + taken.getLocalPort());
            Shell.Outcome outcome = Shell.run(Checkout.root(), command);
            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.error()).contains("port " + taken.getLocalPort(), "in use", "--kafka-port");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NARU_GATEWAY_PORT",
                "NARU_GATEWAY_MANAGEMENT_PORT",
                "NARU_ADMIN_PORT",
                "NARU_COORDINATOR_PORT",
                "NARU_COORDINATOR_KAFKA_PORT",
                "NARU_BROKER_PORT",
                "NARU_BROKER_KAFKA_PORT"
            })
    void takesEveryPortFromTheEnvironment(String variable) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<String> command = new ArrayList<>(List.of(
                    "env",
                    "NARU_GATEWAY_PORT=0",
                    "NARU_GATEWAY_MANAGEMENT_PORT=0",
                    "NARU_ADMIN_PORT=0",
                    "NARU_COORDINATOR_PORT=0",
                    "NARU_COORDINATOR_KAFKA_PORT=0",
                    "NARU_BROKER_PORT=0",
                    "NARU_BROKER_KAFKA_PORT=0",
                    "NARU_DATA_DIR=" + data,
                    variable + "=" + taken.getLocalPort()));
            command.addAll(
                    List.of("bash", Checkout.root().resolve("naru").toString(), "start", "--no-build", "--background"));
            Shell.Outcome outcome = Shell.run(Checkout.root(), command);
            assertThat(outcome.exitCode()).as(outcome.toString()).isEqualTo(1);
            assertThat(outcome.error()).contains("port " + taken.getLocalPort(), "in use");
        }
    }

    @Test
    void refusesOptionsItDoesNotKnow() {
        List<String> command = withFreePorts(data);
        command.add("--prot=1");
        Shell.Outcome outcome = Shell.run(Checkout.root(), command);
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.error()).contains("--prot", "./naru help");
    }

    @Test
    void saysWhatToDoWithoutAJdk() {
        Shell.Outcome outcome = Shell.run(
                Checkout.root(),
                List.of(
                        "env",
                        "NARU_JAVA_HOME=" + data,
                        "bash",
                        Checkout.root().resolve("naru").toString(),
                        "start",
                        "--no-build",
                        "--data",
                        data.toString(),
                        "--port=" + FreePorts.pick()));
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.error()).contains("NARU_JAVA_HOME");
    }

    @Test
    void theHealthCheckOfTheImageFailsWhereNothingRuns() {
        assertThat(healthProbe(data).exitCode()).isEqualTo(1);
    }

    /** What the image's HEALTHCHECK runs. */
    private static Shell.Outcome healthProbe(Path runDir) {
        String probe = Checkout.root().resolve("docker/HealthProbe.java").toString();
        return Shell.run(Checkout.root(), List.of(JavaCommand.java(), probe, runDir.toString()));
    }

    private static List<String> withFreePorts(Path data) {
        List<String> command = LaunchedNaru.command("start", data);
        command.add("--no-build");
        command.addAll(FREE_PORTS);
        return command;
    }
}
