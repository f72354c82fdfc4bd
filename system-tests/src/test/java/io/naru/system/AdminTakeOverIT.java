package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruNode;
import io.naru.testkit.NaruService;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two admin-services on one PostgreSQL behind a gateway: the active one is killed, and everything goes on. */
@Timeout(300)
class AdminTakeOverIT {

    @Test
    void writesGoOnWhenTheControllerIsKilledAndTopicsAreMadeByTheOther() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
                NaruCluster naru = NaruCluster.separateProcesses()
                        .instances(NaruService.ADMIN, 2)
                        .restartable()
                        .property("naru.admin.database.url", postgres.getJdbcUrl("postgres", "postgres"))
                        .property("naru.admin.database.username", "postgres")
                        .start()) {
            Http gateway = new Http(naru.gatewayUrl());
            assertThat(gateway.put("/v1/topics/before", "{}").status()).isEqualTo(201);
            NaruNode killed = active(naru).get(0);
            naru.kill9(killed);
            for (int i = 0; i < 20; i++) {
                assertThat(gateway.post("/v1/topics/before/records", "v" + i).status())
                        .as("no record waits for a controller")
                        .isEqualTo(201);
            }
            eventually().until(() -> gateway.put("/v1/topics/after", "{}").status() / 100 == 2);
            eventually()
                    .until(() -> gateway.post("/v1/topics/after/records", "v").status() == 201);
            assertThat(active(naru)).hasSize(1).doesNotContain(killed);
            naru.restart(killed);
            assertThat(active(naru)).as("it stands by").hasSize(1).doesNotContain(killed);
            assertThat(gateway.get("/v1/topics/before").status()).isEqualTo(200);
        }
    }

    private static ConditionFactory eventually() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }

    /** Those who say that they are the controller. */
    private static List<NaruNode> active(NaruCluster naru) {
        return naru.nodes(NaruService.ADMIN).stream()
                .filter(node -> naru.processOf(node).isAlive())
                .filter(node -> {
                    try {
                        return new Http(naru.managementUrl(node))
                                        .get("/actuator/health/readiness")
                                        .status()
                                == 200;
                    } catch (IOException gone) {
                        return false;
                    }
                })
                .toList();
    }
}
