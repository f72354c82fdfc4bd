package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.testkit.Checkout;
import io.naru.testkit.FreePorts;
import io.naru.testkit.NaruService;
import io.naru.testkit.RunFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Naru as a reader of the README gets it: {@code ./naru start --background} on a fresh data directory. */
final class LaunchedNaru implements AutoCloseable {
    /** The launcher's port options and what they are without them. */
    private static final Map<String, Integer> DEFAULTS = new LinkedHashMap<>();

    static {
        DEFAULTS.put("--port", 8080);
        DEFAULTS.put("--management-port", 8090);
        DEFAULTS.put("--admin-port", 8081);
        DEFAULTS.put("--coordinator-port", 8082);
        DEFAULTS.put("--coordinator-kafka-port", 9093);
        DEFAULTS.put("--broker-port", 8083);
        DEFAULTS.put("--kafka-port", 9092);
    }

    private final Path data;
    private final Map<String, Integer> ports;
    private final String output;

    private LaunchedNaru(Path data, Map<String, Integer> ports, String output) {
        this.data = data;
        this.ports = ports;
        this.output = output;
    }

    /** On the default ports when all of them are free here, else on others. */
    static LaunchedNaru start(Path data, String... options) {
        Map<String, Integer> ports = new LinkedHashMap<>(DEFAULTS);
        if (!DEFAULTS.values().stream().allMatch(FreePorts::isFree)) {
            ports.replaceAll((option, port) -> FreePorts.pick());
        }
        List<String> command = command("start", data);
        command.addAll(List.of("--no-build", "--background"));
        ports.forEach((option, port) -> command.addAll(List.of(option, port.toString())));
        command.addAll(List.of(options));
        Shell.Outcome outcome = Shell.run(Checkout.root(), command);
        LaunchedNaru naru = new LaunchedNaru(data, ports, outcome.out());
        if (outcome.exitCode() != 0) {
            naru.close();
            throw new AssertionError("./naru start: " + outcome);
        }
        return naru;
    }

    /** {@code ./naru <command> --data <data>}, to which more can be added. */
    static List<String> command(String command, Path data) {
        return new ArrayList<>(List.of(Checkout.root().resolve("naru").toString(), command, "--data", data.toString()));
    }

    /** What it printed while it started. */
    String output() {
        return output;
    }

    URI gatewayUrl() {
        return URI.create("http://127.0.0.1:" + ports.get("--port"));
    }

    String bootstrapServers() {
        return "127.0.0.1:" + ports.get("--kafka-port");
    }

    int port(String option) {
        return ports.get(option);
    }

    long pid() {
        return RunFile.read(data.resolve("run"), NaruService.GATEWAY)
                .orElseThrow()
                .pid();
    }

    /** A text that names default addresses, turned into one that names the addresses of this one. */
    String withPorts(String text) {
        String result = text;
        for (Map.Entry<String, Integer> standard : DEFAULTS.entrySet()) {
            result = result.replace("localhost:" + standard.getValue(), "localhost:" + ports.get(standard.getKey()));
        }
        return result;
    }

    Shell.Outcome status() {
        return Shell.run(Checkout.root(), command("status", data));
    }

    Shell.Outcome stop() {
        return Shell.run(Checkout.root(), command("stop", data));
    }

    @Override
    public void close() {
        Shell.Outcome outcome = stop();
        assertThat(outcome.exitCode()).as("./naru stop: " + outcome).isZero();
    }
}
