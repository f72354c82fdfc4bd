package io.naru.gateway.v2;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.topic.GatewayFixture;
import io.naru.gateway.topic.GatewayFixture.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetadataRoutesIT {

    private static final String PARTITION_0 =
            "{\"partition\":0,\"leader\":1,\"replicas\":[{\"broker\":1,\"leader\":true,\"in_sync\":true}]}";
    private static final String PARTITION_1 = PARTITION_0.replace("\"partition\":0", "\"partition\":1");

    private static GatewayFixture gateway;

    @BeforeAll
    static void start() {
        gateway = new GatewayFixture();
        gateway.put("/v1/topics/b", "{\"partitions\":2,\"configs\":{\"retention.ms\":1000}}");
        gateway.put("/v1/topics/a", "{\"partitions\":1}");
        for (int i = 0; i < 5; i++) {
            gateway.post("/v1/topics/b/partitions/1/records", "v");
        }
        gateway.broker().log("b", 1).deleteBelow(3);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static void shows(String path, String body) {
        Answer answer = gateway.get(path);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/vnd.kafka.v2+json");
        assertThat(answer.text()).isEqualTo(body);
    }

    @Test
    void shapesAreThoseOfVersion2() {
        shows("/brokers", "{\"brokers\":[1]}");
        shows("/topics", "[\"a\",\"b\"]");
        shows(
                "/topics/b",
                "{\"name\":\"b\",\"configs\":{\"cleanup.policy\":\"delete\",\"retention.ms\":\"1000\"},\"partitions\":["
                        + PARTITION_0 + "," + PARTITION_1 + "]}");
        shows("/topics/b/partitions", "[" + PARTITION_0 + "," + PARTITION_1 + "]");
        shows("/topics/b/partitions/1", PARTITION_1);
        shows("/topics/b/partitions/1/offsets", "{\"beginning_offset\":3,\"end_offset\":5}");
        shows("/topics/b/partitions/0/offsets", "{\"beginning_offset\":0,\"end_offset\":0}");
    }

    @ParameterizedTest
    @CsvSource({
        "/topics/nope,404,40403",
        "/topics/nope/partitions,404,40403",
        "/topics/nope/partitions/0,404,40403",
        "/topics/nope/partitions/0/offsets,404,40403",
        "/topics/b/partitions/2,404,40402",
        "/topics/b/partitions/2/offsets,404,40402",
        "/topics/b/partitions/-1,404,40402",
        "/topics/b/partitions/x,404,40402",
        "/topics/a%20b,422,422",
        "/topics/b?x=1,400,400",
        "/topics/b/records,404,404",
        "/topics/b/,404,404",
    })
    void errorsHaveTheNumbersOfVersion2(String path, int status, int code) {
        Answer answer = gateway.get(path);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().get("error_code").asInt()).isEqualTo(code);
        assertThat(answer.json().get("message").asString()).isNotBlank();
        assertThat(answer.json().size()).isEqualTo(2);
    }
}
