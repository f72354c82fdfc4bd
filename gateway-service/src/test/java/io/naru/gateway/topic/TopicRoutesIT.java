package io.naru.gateway.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.topic.GatewayFixture.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicRoutesIT {

    private static GatewayFixture gateway;

    @BeforeAll
    static void start() {
        gateway = new GatewayFixture();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void calm() {
        gateway.broker().leaderless(false);
        gateway.admin().notController(0);
    }

    @Test
    void creatingTwiceIsCreatingOnce() {
        Answer first = gateway.put("/v1/topics/once", "{\"partitions\":3}");
        assertThat(first.status()).isEqualTo(201);
        assertThat(first.header("Location")).isEqualTo("/v1/topics/once");
        assertThat(first.header("Content-Type")).isEqualTo("application/json");
        assertThat(first.json().get("partitions").size()).isEqualTo(3);
        Answer second = gateway.put("/v1/topics/once", "{\"partitions\":3}");
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.text()).isEqualTo(first.text());
        assertThat(gateway.put("/v1/topics/once", "").status()).isEqualTo(200);
    }

    @Test
    void theClusterDecidesWhatIsNotAsked() {
        Answer created = gateway.put("/v1/topics/defaults", "");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.json().get("partitions").size()).isEqualTo(2);
    }

    @Test
    void anotherNumberOfPartitionsIsAConflict() {
        gateway.put("/v1/topics/three", "{\"partitions\":3}");
        Answer four = gateway.put("/v1/topics/three", "{\"partitions\":4}");
        assertThat(four.status()).isEqualTo(409);
        assertThat(four.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(four.json().get("code").asInt()).isEqualTo(40902);
        assertThat(four.json().get("detail").asString()).contains("it has 3 partitions, not 4");
        assertThat(four.json().get("partitions").asInt()).isEqualTo(3);
        assertThat(four.json().get("outcome").asString()).isEqualTo("not_written");
        assertThat(gateway.get("/v1/topics/three").json().get("partitions").size())
                .isEqualTo(3);
    }

    @Test
    void otherReplicasOrConfigsAreAConflict() {
        assertThat(gateway.put("/v1/topics/set", "{\"configs\":{\"retention.ms\":1000}}")
                        .status())
                .isEqualTo(201);
        assertThat(gateway.put("/v1/topics/set", "{\"configs\":{\"retention.ms\":\"1000\"}}")
                        .status())
                .isEqualTo(200);
        Answer other = gateway.put("/v1/topics/set", "{\"configs\":{\"retention.ms\":2000}}");
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.json().get("detail").asString()).contains("its retention.ms is 1000, not 2000");
        assertThat(gateway.put("/v1/topics/set", "{\"replication_factor\":2}").status())
                .isEqualTo(409);
    }

    @Test
    void tellsWhereEachPartitionBeginsAndEnds() {
        gateway.put("/v1/topics/ends", "{\"partitions\":2}");
        for (int i = 0; i < 5; i++) {
            assertThat(gateway.post("/v1/topics/ends/partitions/1/records", "v").status())
                    .isEqualTo(201);
        }
        gateway.broker().log("ends", 1).deleteBelow(2);
        assertThat(gateway.get("/v1/topics/ends").text())
                .isEqualTo("{\"name\":\"ends\",\"id\":\"" + gateway.broker().topicId("ends")
                        + "\",\"internal\":false,\"replication_factor\":1,\"partitions\":["
                        + "{\"partition\":0,\"leader\":1,\"replicas\":[1],\"isr\":[1],\"earliest\":0,\"end\":0},"
                        + "{\"partition\":1,\"leader\":1,\"replicas\":[1],\"isr\":[1],\"earliest\":2,\"end\":5}]}\n");
    }

    @Test
    void aPartitionWithoutALeaderIsShownAndSaysSo() {
        gateway.put("/v1/topics/headless", "{\"partitions\":1}");
        gateway.broker().leaderless(true);
        Answer shown = gateway.get("/v1/topics/headless");
        assertThat(shown.status()).isEqualTo(200);
        assertThat(shown.text())
                .contains("{\"partition\":0,\"leader\":null,\"replicas\":[1],\"isr\":[1],\"earliest\":null,"
                        + "\"end\":null,\"error\":\"LEADER_NOT_AVAILABLE\"}");
    }

    @Test
    void whatIsDeletedIsGoneAndMayComeBack() {
        gateway.put("/v1/topics/phoenix", "{\"partitions\":1}");
        gateway.post("/v1/topics/phoenix/records", "before");
        Answer deleted = gateway.delete("/v1/topics/phoenix");
        assertThat(deleted.status()).isEqualTo(204);
        assertThat(deleted.text()).isEmpty();
        assertThat(gateway.get("/v1/topics/phoenix").status()).isEqualTo(404);
        assertThat(gateway.post("/v1/topics/phoenix/records", "lost").status()).isEqualTo(404);
        assertThat(gateway.put("/v1/topics/phoenix", "{\"partitions\":2}").status())
                .isEqualTo(201);
        Answer written = gateway.post("/v1/topics/phoenix/partitions/1/records", "after");
        assertThat(written.status()).isEqualTo(201);
        assertThat(written.json().get("offset").asInt()).isZero();
    }

    @Test
    void whatIsNotThereIsNotFound() {
        for (Answer answer : new Answer[] {gateway.get("/v1/topics/nope"), gateway.delete("/v1/topics/nope")}) {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.json().get("code").asInt()).isEqualTo(40401);
        }
    }

    @Test
    void listsTopicsAndInternalOnesWhenAsked() {
        gateway.broker().topic("__system", 1).topic("listed", 4);
        String listed = "{\"name\":\"listed\",\"id\":\"" + gateway.broker().topicId("listed")
                + "\",\"internal\":false,\"replication_factor\":1,\"partitions\":4}";
        assertThat(gateway.get("/v1/topics").text()).contains(listed).doesNotContain("__system");
        assertThat(gateway.get("/v1/topics?internal=true").text())
                .startsWith("{\"topics\":[{\"name\":\"__system\"")
                .contains(listed);
        assertThat(gateway.get("/v1/topics?interal=true").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%20b", "%C3%A9", "a%0d%0ab", "a%00b", "a%2Fb"})
    void namesThatNoTopicCanHaveAreRefused(String name) {
        for (Answer answer : new Answer[] {
            gateway.get("/v1/topics/" + name),
            gateway.put("/v1/topics/" + name, ""),
            gateway.delete("/v1/topics/" + name)
        }) {
            assertThat(answer.status()).isIn(400, 422);
            assertThat(answer.json().get("status").asInt()).isEqualTo(answer.status());
        }
    }

    @Test
    void aNameOf250CharactersIsTooLong() {
        assertThat(gateway.put("/v1/topics/" + "n".repeat(249), "").status()).isEqualTo(201);
        Answer tooLong = gateway.put("/v1/topics/" + "n".repeat(250), "");
        assertThat(tooLong.status()).isEqualTo(422);
        assertThat(tooLong.json().get("code").asInt()).isEqualTo(42201);
    }

    @Test
    void wrongFieldsAreNamedAndNothingIsCreated() {
        Answer wrong = gateway.put("/v1/topics/wrong", "{\"partitions\":1,\"replicas\":1}");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.json().get("code").asInt()).isEqualTo(42202);
        assertThat(wrong.json().get("detail").asString()).contains("/replicas");
        assertThat(gateway.put("/v1/topics/wrong", "[]").status()).isEqualTo(400);
        assertThat(gateway.get("/v1/topics/wrong").status()).isEqualTo(404);
    }

    @Test
    void whatTheClusterRefusesIsRefused() {
        Answer refused = gateway.put("/v1/topics/huge", "{\"partitions\":1000000}");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().get("code").asInt()).isEqualTo(42204);
        assertThat(refused.json().get("detail").asString()).contains("too many partitions");
        assertThat(refused.json().get("outcome").asString()).isEqualTo("not_written");
    }

    @Test
    void looksForTheControllerWhenItHasMoved() {
        gateway.admin().notController(2);
        assertThat(gateway.put("/v1/topics/moved", "").status()).isEqualTo(201);
        gateway.admin().notController(1);
        assertThat(gateway.delete("/v1/topics/moved").status()).isEqualTo(204);
    }

    @Test
    void aLostAnswerLeavesTheOutcomeOpenAndRepeatingIsSafe() {
        gateway.admin().loseAnswer();
        int before = gateway.admin().creations();
        Answer lost = gateway.put("/v1/topics/maybe", "{\"partitions\":1}");
        assertThat(lost.status()).isEqualTo(503);
        assertThat(lost.json().get("outcome").asString()).isEqualTo("unknown");
        assertThat(lost.json().get("retriable").asBoolean()).isTrue();
        assertThat(gateway.admin().creations()).as("not sent twice").isEqualTo(before + 1);
        assertThat(gateway.put("/v1/topics/maybe", "{\"partitions\":1}").status())
                .isEqualTo(200);
    }

    @Test
    void withoutABrokerItSaysSoAndRecovers() {
        gateway.broker().stop();
        try {
            Answer none = gateway.get("/v1/topics/any");
            assertThat(none.status()).isEqualTo(503);
            assertThat(none.json().get("code").asInt()).isEqualTo(50302);
            assertThat(none.header("Retry-After")).isNotEmpty();
            Answer notCreated = gateway.put("/v1/topics/any", "");
            assertThat(notCreated.status()).isEqualTo(503);
            assertThat(notCreated.json().get("outcome").asString()).isEqualTo("not_written");
        } finally {
            gateway.broker().start();
        }
        assertThat(gateway.put("/v1/topics/any", "").status()).isEqualTo(201);
    }

    @Test
    void thePageAtTheRootNamesTheEndpoints() {
        Answer root = gateway.get("/");
        assertThat(root.status()).isEqualTo(200);
        assertThat(root.json().get("endpoints").toString())
                .contains("\"PUT /v1/topics/{topic}\"")
                .contains("\"POST /v1/topics/{topic}/records\"")
                .contains("\"GET /topics/{topic}/partitions/{partition}/offsets\"")
                .doesNotContain("*");
        assertThat(root.json().get("begin").get(0).asString()).startsWith("curl -d 'hello world' http://127.0.0.1:");
    }

    @Test
    void otherMethodsAreNamed() {
        Answer patched = gateway.post("/v1/topics/t", "");
        assertThat(patched.status()).isEqualTo(405);
        assertThat(patched.header("Allow")).isEqualTo("DELETE, GET, PUT");
        assertThat(gateway.get("/v1/topics", "Accept", "text/html").status()).isEqualTo(406);
    }
}
