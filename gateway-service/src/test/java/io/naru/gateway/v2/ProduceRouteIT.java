package io.naru.gateway.v2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.gateway.fake.FakeBroker.Mischief;
import io.naru.gateway.topic.GatewayFixture;
import io.naru.gateway.topic.GatewayFixture.Answer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProduceRouteIT {

    private static final String JSON = "application/vnd.kafka.json.v2+json";
    private static final String BINARY = "application/vnd.kafka.binary.v2+json";
    private static final String V2 = "application/vnd.kafka.v2+json";

    private static GatewayFixture gateway;

    @BeforeAll
    static void start() {
        gateway = new GatewayFixture("--naru.gateway.produce.retry-for=300ms", "--naru.gateway.limits.body-size=2MB");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void calm() {
        gateway.broker().clearMischief();
        gateway.broker().recordBytesMax(Integer.MAX_VALUE);
        gateway.broker().holdAnswers(CompletableFuture.completedFuture(null));
    }

    private static Answer post(String path, String type, String body) {
        return gateway.post(path, body, "Content-Type", type);
    }

    private static String offsets(String... each) {
        return "{\"offsets\":[" + String.join(",", each) + "],\"key_schema_id\":null,\"value_schema_id\":null}";
    }

    private static String at(int partition, long offset) {
        return "{\"partition\":" + partition + ",\"offset\":" + offset + ",\"error_code\":null,\"error\":null}";
    }

    @Test
    void answersInTheShapeOfVersion2() {
        gateway.broker().topic("shape", 1);
        Answer answer = post(
                "/topics/shape",
                JSON,
                "{\"records\":[{\"value\":{\"a\": 1}},{\"key\":\"k\",\"value\":null},{\"value\":7}]}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo(V2);
        assertThat(answer.text()).isEqualTo(offsets(at(0, 0), at(0, 1), at(0, 2)));
        assertThat(gateway.broker().log("shape", 0).values()).containsExactly("{\"a\":1}", null, "7");
    }

    @Test
    void binaryIsStoredAsTheBytesItStandsFor() {
        gateway.broker().topic("bytes", 1);
        Answer answer = post("/topics/bytes", BINARY, "{\"records\":[{\"key\":\"a2V5\",\"value\":\"aGVsbG8=\"}]}");
        assertThat(answer.text()).isEqualTo(offsets(at(0, 0)));
        assertThat(gateway.broker().log("bytes", 0).values()).containsExactly("hello");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/json; charset=utf-8",
                "application/vnd.kafka.json.v2+json;charset=UTF-8",
                "Application/Vnd.Kafka.Json.V2+Json; charset=\"utf-8\""
            })
    void jsonMayBeCalledByItsOtherNames(String type) {
        gateway.broker().topic("names", 1);
        assertThat(post("/topics/names", type, "{\"records\":[{\"value\":\"é\"}]}")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "application/vnd.kafka.avro.v2+json",
                "application/vnd.kafka.v2+json",
                "application/json; charset=utf-16",
                ";;;"
            })
    void otherTypesAreNotTaken(String type) {
        gateway.broker().topic("types", 1);
        Answer answer = post("/topics/types", type, "{\"records\":[{\"value\":1}]}");
        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.header("Content-Type")).isEqualTo(V2);
        assertThat(answer.json().get("error_code").asInt()).isEqualTo(415);
        assertThat(gateway.broker().log("types", 0).end()).isZero();
    }

    @Test
    void aTypeIsNeeded() {
        gateway.broker().topic("untyped", 1);
        assertThat(gateway.post("/topics/untyped", "{\"records\":[{\"value\":1}]}")
                        .status())
                .isEqualTo(415);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "{}|422|422",
                "{\"records\":[]}|422|422",
                "{\"records\":[{\"value\":1},{\"value\":2,\"headers\":[]}]}|422|422",
                "{\"records\":[{\"value\":1},{\"partition\":-1}]}|422|422",
                "{\"records\":[{\"value\":1},null]}|422|422",
                "{\"records\":[{\"value\":1}|400|400",
                "''|400|400",
            })
    void whatIsWrongWritesNothing(String body, int status, int code) {
        gateway.broker().topic("wrong", 1);
        Answer answer = post("/topics/wrong", JSON, body);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().get("error_code").asInt()).isEqualTo(code);
        assertThat(answer.json().get("message").asString()).isNotBlank();
        assertThat(answer.json().size()).isEqualTo(2);
        assertThat(gateway.broker().log("wrong", 0).end()).isZero();
    }

    @Test
    void badBase64NamesItsRecordAndWritesNothing() {
        gateway.broker().topic("notbase64", 1);
        Answer answer = post("/topics/notbase64", BINARY, "{\"records\":[{\"value\":\"AAAA\"},{\"value\":\"???\"}]}");
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().get("message").asString()).contains("/records/1/value");
        assertThat(gateway.broker().log("notbase64", 0).end()).isZero();
    }

    @Test
    void aRecordsPartitionBeatsThePaths() {
        gateway.broker().topic("beats", 4);
        Answer answer = post(
                "/topics/beats/partitions/2",
                JSON,
                "{\"records\":[{\"value\":1},{\"value\":2,\"partition\":3},{\"key\":\"k\",\"value\":3}]}");
        assertThat(answer.text()).isEqualTo(offsets(at(2, 0), at(3, 0), at(2, 1)));
    }

    @Test
    void equalKeysFindTheSamePartitionHoweverTheyAreWritten() {
        gateway.broker().topic("keys", 50);
        Answer answer = post(
                "/topics/keys",
                JSON,
                "{\"records\":[{\"key\":{\"id\":\"é\"},\"value\":1},{\"key\": { \"id\" : \"\\u00e9\" } ,\"value\":2}]}");
        int first = answer.json().get("offsets").get(0).get("partition").asInt();
        assertThat(answer.text()).isEqualTo(offsets(at(first, 0), at(first, 1)));
    }

    @Test
    void oneRecordThatIsRefusedDoesNotSinkItsNeighbours() {
        gateway.broker().topic("neighbours", 1).recordBytesMax(1000);
        Answer answer = post(
                "/topics/neighbours",
                JSON,
                "{\"records\":[{\"value\":1},{\"value\":\"" + "x".repeat(2000) + "\"},{\"value\":3}]}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("offsets").get(1).toString())
                .startsWith("{\"partition\":null,\"offset\":null,\"error_code\":50002,\"error\":\"");
        assertThat(answer.json().get("offsets").get(0).toString()).isEqualTo(at(0, 0));
        assertThat(answer.json().get("offsets").get(2).toString()).isEqualTo(at(0, 1));
        assertThat(gateway.broker().log("neighbours", 0).values()).containsExactly("1", "3");
    }

    @Test
    void whatMayPassIsRetriable() {
        gateway.broker().topic("passing", 1);
        Mischief[] often = new Mischief[40];
        Arrays.fill(often, Mischief.NOT_ENOUGH_REPLICAS);
        gateway.broker().next(often);
        Answer answer = post("/topics/passing", JSON, "{\"records\":[{\"value\":1},{\"value\":2}]}");
        assertThat(answer.status()).isEqualTo(200);
        for (int i = 0; i < 2; i++) {
            assertThat(answer.json().get("offsets").get(i).get("error_code").asInt())
                    .isEqualTo(50003);
        }
    }

    @Test
    void aPartitionThatIsNotThere() {
        gateway.broker().topic("few", 2);
        Answer ofRecord = post(
                "/topics/few", JSON, "{\"records\":[{\"value\":1,\"partition\":2},{\"value\":2,\"partition\":1}]}");
        assertThat(ofRecord.status()).isEqualTo(200);
        assertThat(ofRecord.json().get("offsets").get(0).get("error_code").asInt())
                .isEqualTo(50002);
        assertThat(ofRecord.json().get("offsets").get(1).toString()).isEqualTo(at(1, 0));
        for (String partition : new String[] {"2", "-1", "x", "99999999999"}) {
            Answer ofPath = post("/topics/few/partitions/" + partition, JSON, "{\"records\":[{\"value\":1}]}");
            assertThat(ofPath.status()).isEqualTo(404);
            assertThat(ofPath.json().get("error_code").asInt()).isEqualTo(40402);
        }
    }

    @Test
    void aPartitionAddedLatelyIsFound() {
        gateway.broker().topic("grows", 1);
        assertThat(post("/topics/grows", JSON, "{\"records\":[{\"value\":1}]}").status())
                .isEqualTo(200);
        gateway.broker().topic("grows", 3);
        assertThat(post("/topics/grows/partitions/2", JSON, "{\"records\":[{\"value\":1}]}")
                        .text())
                .isEqualTo(offsets(at(2, 0)));
    }

    @Test
    void aTopicThatIsNotThere() {
        Answer answer = post("/topics/nope", JSON, "{\"records\":[{\"value\":1}]}");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json().get("error_code").asInt()).isEqualTo(40401);
        assertThat(post("/topics/a%20b", JSON, "{\"records\":[{\"value\":1}]}").status())
                .isEqualTo(422);
    }

    @Test
    void asManyRecordsAsThereMayBeInOrder() {
        gateway.broker().topic("many", 1);
        StringBuilder body = new StringBuilder("{\"records\":[");
        List<String> values = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            body.append("{\"value\":").append(i).append("},");
            values.add(Integer.toString(i));
        }
        String most = body.substring(0, body.length() - 1) + "]}";
        Answer answer = post("/topics/many", JSON, most);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("offsets").size()).isEqualTo(10_000);
        assertThat(answer.json().get("offsets").get(9_999).toString()).isEqualTo(at(0, 9_999));
        assertThat(gateway.broker().log("many", 0).values()).isEqualTo(values);
        Answer tooMany = post("/topics/many", JSON, body + "{}]}");
        assertThat(tooMany.status()).isEqualTo(413);
        assertThat(tooMany.json().get("error_code").asInt()).isEqualTo(413);
        assertThat(gateway.broker().log("many", 0).end()).isEqualTo(10_000);
    }

    @Test
    void aBodyOverTheLimitIsRefused() {
        gateway.broker().topic("body", 1);
        Answer answer = post("/topics/body", JSON, "{\"records\":[{\"value\":\"" + "x".repeat(3 << 20) + "\"}]}");
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.json().get("error_code").asInt()).isEqualTo(413);
    }

    @Test
    void requestsShareBatches() {
        gateway.broker().topic("shared", 1);
        assertThat(post("/topics/shared", JSON, "{\"records\":[{\"value\":0}]}").status())
                .isEqualTo(200);
        CompletableFuture<Void> gate = new CompletableFuture<>();
        gateway.broker().holdAnswers(gate);
        int before = gateway.broker().produceRequests();
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            answers.add(
                    gateway.postAsync("/topics/shared", "{\"records\":[{\"value\":" + i + "}]}", "Content-Type", JSON));
        }
        await().atMost(10, TimeUnit.SECONDS).until(() -> gateway.broker().produceRequests() > before);
        gate.complete(null);
        for (CompletableFuture<Answer> answer : answers) {
            assertThat(answer.orTimeout(20, TimeUnit.SECONDS).join().status()).isEqualTo(200);
        }
        assertThat(gateway.broker().log("shared", 0).end()).isEqualTo(41);
        assertThat(gateway.broker().log("shared", 0).batchCount()).isLessThan(41);
    }

    @Test
    void acceptIsHeeded() {
        gateway.broker().topic("accept", 1);
        String body = "{\"records\":[{\"value\":1}]}";
        assertThat(gateway.post("/topics/accept", body, "Content-Type", JSON, "Accept", "application/xml")
                        .status())
                .isEqualTo(406);
        assertThat(gateway.broker().log("accept", 0).end()).isZero();
        Answer plain = gateway.post("/topics/accept", body, "Content-Type", JSON, "Accept", "application/json");
        assertThat(plain.header("Content-Type")).isEqualTo("application/json");
        Answer embedded = gateway.post("/topics/accept", body, "Content-Type", JSON, "Accept", JSON);
        assertThat(embedded.header("Content-Type")).isEqualTo(V2);
        assertThat(post("/topics/accept?async=true", JSON, body).status()).isEqualTo(400);
    }
}
