package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.testkit.Checkout;
import io.naru.testkit.FreePorts;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./naru cluster}: three brokers to play with, one of them killed and brought back. */
@Timeout(300)
class ClusterLauncherIT {
    private static final int PORTS = 40;

    @TempDir
    Path data;

    @AfterEach
    void stop() {
        cluster("stop");
    }

    @Test
    void survivesTheBrokerThatIsKilled() {
        int ports = FreePorts.pickRange(PORTS);
        Shell.Outcome started = cluster("start", "--brokers=3", "--ports-from=" + ports, "--no-build");
        assertThat(started.exitCode()).as(started.toString()).isZero();
        assertThat(started.out().lines()).hasSize(6).allMatch(line -> line.contains(" ready "));

        Curl curl = new Curl(URI.create("http://127.0.0.1:" + ports));
        assertThat(curl.call("/v1/topics/t/records", "-d", "before").status()).isEqualTo(201);
        assertThat(cluster("kill", "broker-2").exitCode()).isZero();
        assertThat(cluster("status").out()).containsPattern("broker-2 +down");
        for (int i = 0; i < 10; i++) {
            Curl.Answer answer = curl.call("/v1/topics/t/records", "-d", "while it is down");
            assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        }

        Shell.Outcome back = cluster("start", "broker-2", "--no-build");
        assertThat(back.exitCode()).as(back.toString()).isZero();
        assertThat(curl.call("/v1/topics/t/records?from=earliest").ndjson()).hasSize(11);
        assertThat(cluster("kill", "broker-7").error()).contains("no node 'broker-7'", "broker-3");
        assertThat(cluster("stop").exitCode()).isZero();
        assertThat(cluster("status").out().lines()).hasSize(6).allMatch(line -> line.endsWith(" down"));
    }

    private Shell.Outcome cluster(String... arguments) {
        List<String> command = new ArrayList<>(List.of("./naru", "cluster"));
        command.addAll(List.of(arguments));
        command.add("--data=" + data);
        return Shell.run(Checkout.root(), command);
    }
}
