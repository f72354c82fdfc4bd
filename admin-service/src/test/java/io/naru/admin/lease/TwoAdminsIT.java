package io.naru.admin.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.admin.AdminServer;
import io.naru.admin.AdminServer.Answer;
import io.naru.admin.FormedCluster;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two admin-services on one PostgreSQL: one is the controller, the other stands by. */
class TwoAdminsIT {

    private static EmbeddedPostgres postgres;

    @TempDir
    Path dataDir;

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    @Test
    void theOneThatStandsByTakesOverWithAllThatWasCommitted() throws Exception {
        try (AdminServer second = twoAdmins()) {
            Awaitility.await()
                    .atMost(20, TimeUnit.SECONDS)
                    .until(() -> second.get("/actuator/health/readiness").status() == 200);
            String topic = second.get("/v3/clusters")
                            .json()
                            .at("/data/0/topics/related")
                            .asString() + "/t";
            assertThat(second.get(topic.substring(second.url().toString().length()))
                            .status())
                    .isEqualTo(200);
        }
    }

    /** Starts two, checks that only the first one answers, stops it, and returns the second. */
    private AdminServer twoAdmins() throws Exception {
        try (AdminServer first = admin("first")) {
            String topics = "/v3/clusters/" + FormedCluster.form(first) + "/topics";
            assertThat(first.post(topics, "{\"topic_name\":\"t\"}").status()).isEqualTo(201);
            AdminServer second = admin("second");
            Answer refused = second.post(topics, "{\"topic_name\":\"u\"}");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(second.get("/internal/cluster").status()).isEqualTo(503);
            assertThat(second.get("/actuator/health/readiness").status()).isEqualTo(503);
            assertThat(second.get("/actuator/health/liveness").status()).isEqualTo(200);
            assertThat(first.get("/actuator/health/readiness").status()).isEqualTo(200);
            return second;
        }
    }

    private AdminServer admin(String name) {
        return new AdminServer(
                dataDir.resolve(name),
                "--naru.admin.session-timeout=10m",
                "--naru.admin.database.url=" + postgres.getJdbcUrl("postgres", "postgres"),
                "--naru.admin.database.username=postgres");
    }
}
