package io.naru.admin.v3;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.admin.AdminServer;
import io.naru.admin.AdminServer.Answer;
import io.naru.admin.FormedCluster;
import io.naru.cluster.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Lists of v3 come in pages and can be filtered; calls that need a broker end when none answers. */
class ListsIT {

    private static AdminServer admin;
    private static String cluster;

    @BeforeAll
    static void start(@TempDir Path dataDir) throws Exception {
        admin = new AdminServer(
                dataDir,
                "--naru.admin.session-timeout=10m",
                "--naru.admin.broker-timeout=1s",
                "--naru.admin.offsets-topic-replication-factor=1");
        // Port 1: nobody listens there.
        cluster = "/v3/clusters/" + FormedCluster.form(admin, new Endpoint("127.0.0.1", 1));
        FormedCluster.addBroker(admin, 1, new Endpoint("127.0.0.1", 2), "east");
        FormedCluster.addBroker(admin, 12, new Endpoint("127.0.0.1", 3), "west");
        for (int i = 0; i < 5; i++) {
            create("{\"topic_name\":\"page-" + i
                    + "\",\"replicas_assignments\":{\"0\":[0,1],\"1\":[1,0],\"2\":[12,0]}}");
        }
        create("{\"topic_name\":\"other\",\"partitions_count\":12,\"replication_factor\":1}");
    }

    private static void create(String topic) {
        assertThat(admin.post(cluster + "/topics", topic).status()).isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        admin.close();
    }

    @Test
    void pagesTogetherAreTheList() {
        List<String> topics = V3Answers.all(admin, cluster + "/topics", "topic_name");
        assertThat(topics)
                .containsExactly("__consumer_offsets", "other", "page-0", "page-1", "page-2", "page-3", "page-4");
        for (int size : new int[] {1, 2, 3, 7, 1000}) {
            assertThat(V3Answers.all(admin, cluster + "/topics?page_size=" + size, "topic_name"))
                    .as("pages of %d", size)
                    .isEqualTo(topics);
        }
        JsonNode first = admin.get(cluster + "/topics?page_size=2&prefix=page").json();
        assertThat(first.get("data")).hasSize(2);
        assertThat(first.at("/metadata/self").asString()).isEqualTo(admin.url() + cluster + "/topics");
        assertThat(first.at("/metadata/next").asString())
                .startsWith(admin.url() + cluster + "/topics?page_size=2&prefix=page&page_token=");
    }

    @Test
    void numbersAreInTheOrderOfNumbersOverPages() {
        assertThat(V3Answers.all(admin, cluster + "/topics/other/partitions?page_size=5", "partition_id"))
                .isEqualTo(IntStream.range(0, 12).mapToObj(String::valueOf).toList());
        assertThat(V3Answers.all(admin, cluster + "/brokers?page_size=1", "broker_id"))
                .containsExactly("0", "1", "12");
    }

    @Test
    void whatComesAndGoesNeitherRepeatsNorHidesOthers() {
        create("{\"topic_name\":\"flux-a\"}");
        create("{\"topic_name\":\"flux-b\"}");
        create("{\"topic_name\":\"flux-d\"}");
        JsonNode first = admin.get(cluster + "/topics?prefix=flux&page_size=2").json();
        create("{\"topic_name\":\"flux-c\"}");
        create("{\"topic_name\":\"flux-0\"}");
        admin.delete(cluster + "/topics/flux-b");
        String next = first.at("/metadata/next")
                .asString()
                .substring(admin.url().toString().length());
        assertThat(V3Answers.all(admin, next, "topic_name")).containsExactly("flux-c", "flux-d");
        for (String name : List.of("flux-0", "flux-a", "flux-c", "flux-d")) {
            assertThat(admin.delete(cluster + "/topics/" + name).status()).isEqualTo(204);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/topics?prefix=page-&pattern=*3 | topic_name | page-3",
                "/topics?pattern=page-? | topic_name | page-0 page-1 page-2 page-3 page-4",
                "/topics?internal=true | topic_name | __consumer_offsets",
                "/topics?internal=false&prefix=o | topic_name | other",
                "/topics?prefix=none | topic_name | ''",
                "/topics/page-0/partitions?leader=1 | partition_id | 1",
                "/topics/page-0/partitions?leader=-1 | partition_id | ''",
                "/topics/page-0/partitions?under_replicated=false | partition_id | 0 1 2",
                "/topics/page-0/partitions?under_replicated=true | partition_id | ''",
                "/topics/page-0/partitions/2/replicas?in_sync=true | broker_id | 0 12",
                "/topics/page-0/partitions/2/replicas?page_size=1 | broker_id | 0 12",
                "/brokers?rack=east | broker_id | 1",
                "/brokers/12/partition-replicas?topic_name=page-4 | partition_id | 2",
                "/brokers/1/partition-replicas?topic_name=page-4&leader=true | partition_id | 1",
                "/brokers/1/partition-replicas?topic_name=page-4&leader=false | partition_id | 0",
                "/topics/-/partitions/-/reassignment | partition_id | ''"
            })
    void filtersLeaveWhatTheyName(String path, String field, String expected) {
        assertThat(String.join(" ", V3Answers.all(admin, cluster + path, field)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/topics?page_size=0",
                "/topics?page_size=1001",
                "/topics?page_size=x",
                "/topics?page_size=",
                "/topics?page_size=1&page_size=2",
                "/topics?page_token=nonsense",
                "/topics?page_token=%20",
                "/topics?prefx=a",
                "/topics?internal=maybe",
                "/topics/other?page_size=1",
                "/topics/other/partitions?leader=x",
                "/topics/other/partitions/0/offset?offset_type=latest",
                "/consumer-groups?state=stable",
                "/consumer-groups/g/lags?min_lag=x",
                "/brokers?rack=a&rack=b"
            })
    void parametersThatMakeNoSenseAreNamed(String path) {
        V3Answers.error(admin.get(cluster + path), 400, 400);
    }

    @Test
    void callsThatNeedBrokersEndInTimeWhenNoneAnswers() {
        long begin = System.nanoTime();
        V3Answers.error(admin.get(cluster + "/consumer-groups"), 500, 50003);
        V3Answers.error(admin.get(cluster + "/topics/other/partitions/0/offset"), 500, 50003);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
        Answer deleted = admin.post(
                cluster + "/topics/other/records:delete",
                "{\"partitions\":[{\"partition_id\":0,\"before_offset\":1}]}");
        assertThat(deleted.status()).as(deleted.text()).isEqualTo(207);
        assertThat(deleted.json().at("/data/0/error_code").asInt()).isEqualTo(50003);
        assertThat(deleted.json().at("/data/0/earliest_offset").isNull()).isTrue();
    }

    @Test
    void coordinatorsAreFoundUnderTheNodeIdThatClientsKnow() {
        JsonNode node = admin.get(cluster + "/brokers/1000000").json();
        assertThat(node.get("port").asInt()).isEqualTo(9093);
        assertThat(admin.get(cluster + "/brokers/1000000/partition-replicas")
                        .json()
                        .get("data"))
                .isEmpty();
        V3Answers.error(admin.get(cluster + "/brokers/1000001"), 404, 404);
    }
}
