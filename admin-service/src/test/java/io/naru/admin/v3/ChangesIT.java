package io.naru.admin.v3;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.admin.AdminServer;
import io.naru.admin.AdminServer.Answer;
import io.naru.admin.FormedCluster;
import io.naru.cluster.Endpoint;
import io.naru.cluster.control.BrokerRegistration;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Changes that the controller makes: partitions, reassignments, elections, brokers. Brokers are only registered, so nothing catches up. */
class ChangesIT {

    private static AdminServer admin;
    private static String cluster;

    @BeforeAll
    static void start(@TempDir Path dataDir) throws Exception {
        admin = new AdminServer(
                dataDir, "--naru.admin.session-timeout=10m", "--naru.admin.offsets-topic-replication-factor=1");
        cluster = "/v3/clusters/" + FormedCluster.form(admin);
        FormedCluster.addBroker(admin, 1, new Endpoint("127.0.0.1", 9094), null);
    }

    @AfterAll
    static void stop() {
        admin.close();
    }

    @AfterEach
    void deleteTopics() {
        for (JsonNode topic :
                admin.get(cluster + "/topics?internal=false").json().get("data")) {
            admin.delete(cluster + "/topics/" + topic.get("topic_name").asString());
        }
    }

    private static Answer create(String json) {
        return admin.post(cluster + "/topics", json);
    }

    @Test
    void partitionsCanOnlyBecomeMore() {
        create("{\"topic_name\":\"t\",\"partitions_count\":2}");
        Answer checked = admin.send("PATCH", cluster + "/topics/t", "{\"partitions_count\":3,\"validate_only\":true}");
        assertThat(checked.json().get("partitions_count").asInt()).isEqualTo(3);
        assertThat(partitions("t")).isEqualTo(2);

        Answer more = admin.send("PATCH", cluster + "/topics/t", "{\"partitions_count\":3}");
        assertThat(more.status()).isEqualTo(200);
        assertThat(more.json()).isEqualTo(admin.get(cluster + "/topics/t").json());
        assertThat(partitions("t")).isEqualTo(3);
        assertThat(admin.send("PATCH", cluster + "/topics/t", "{\"partitions_count\":4,\"replicas_assignments\":[[1]]}")
                        .status())
                .isEqualTo(200);
        assertThat(admin.get(cluster + "/topics/t/partitions/3/replicas/1").status())
                .isEqualTo(200);

        V3Answers.error(admin.send("PATCH", cluster + "/topics/t", "{\"partitions_count\":2}"), 400, 40002);
        V3Answers.error(admin.send("PATCH", cluster + "/topics/t", "{\"partitions_count\":100000}"), 400, 40002);
        V3Answers.error(admin.send("PATCH", cluster + "/topics/u", "{\"partitions_count\":2}"), 404, 40403);
        V3Answers.error(admin.send("PATCH", cluster + "/topics/t", "{}"), 422, 422);
        V3Answers.error(
                admin.send("PATCH", cluster + "/topics/__consumer_offsets", "{\"partitions_count\":200}"), 400, 40002);
        assertThat(partitions("t")).isEqualTo(4);
    }

    private static int partitions(String topic) {
        return admin.get(cluster + "/topics/" + topic)
                .json()
                .get("partitions_count")
                .asInt();
    }

    @Test
    void whatIsOnlyCheckedIsNotDone() {
        create("{\"topic_name\":\"t\",\"replicas_assignments\":{\"0\":[0]}}");
        assertThat(admin.delete(cluster + "/topics/t?validate_only=true").status())
                .isEqualTo(204);
        assertThat(admin.get(cluster + "/topics/t").status()).isEqualTo(200);
        V3Answers.error(admin.delete(cluster + "/topics/__consumer_offsets?validate_only=true"), 403, 40301);

        Answer moved = admin.send(
                "PUT", cluster + "/topics/t/partitions/0/reassignment", "{\"replicas\":[1],\"validate_only\":true}");
        assertThat(moved.json().at("/adding_replicas/0").asInt()).isEqualTo(1);
        V3Answers.error(admin.get(cluster + "/topics/t/partitions/0/reassignment"), 404, 404);

        String alter = cluster + "/topics/-/partitions/-/reassignment:alter";
        String move = "{\"data\":[{\"topic_name\":\"t\",\"partition_id\":0,\"replicas\":[%d]}],\"validate_only\":%s}";
        assertThat(admin.post(alter, move.formatted(1, true)).status()).isEqualTo(204);
        assertThat(admin.post(alter, move.formatted(7, true)).status()).isEqualTo(207);
        V3Answers.error(admin.get(cluster + "/topics/t/partitions/0/reassignment"), 404, 404);
        assertThat(admin.post(alter, move.formatted(1, false)).status()).isEqualTo(204);
        assertThat(admin.get(cluster + "/topics/t/partitions/0/reassignment").status())
                .isEqualTo(200);
    }

    @Test
    void reassignmentIsBegunShownAndCancelled() {
        create("{\"topic_name\":\"t\",\"replicas_assignments\":{\"0\":[0],\"1\":[0]}}");
        String one = cluster + "/topics/t/partitions/0/reassignment";
        V3Answers.error(admin.get(one), 404, 404);
        V3Answers.error(admin.delete(one), 404, 404);

        Answer begun = admin.send("PUT", one, "{\"replicas\":[1]}");
        assertThat(begun.status()).as(begun.text()).isEqualTo(200);
        JsonNode move = begun.json();
        assertThat(move.get("kind").asString()).isEqualTo("KafkaReassignment");
        assertThat(move.at("/metadata/self").asString()).isEqualTo(admin.url() + one);
        assertThat(move.at("/metadata/resource_name").asString()).endsWith("/topic=t/partition=0/reassignment");
        assertThat(move.get("adding_replicas").toString()).isEqualTo("[1]");
        assertThat(move.get("removing_replicas").toString()).isEqualTo("[0]");
        assertThat(admin.get(one).json()).isEqualTo(move);
        for (String list :
                new String[] {"/topics/-/partitions/-/reassignment", "/topics/t/partitions/-/reassignment"}) {
            JsonNode found = admin.get(cluster + list).json();
            assertThat(found.at("/metadata/self").asString()).isEqualTo(admin.url() + cluster + list);
            assertThat(found.get("data")).containsExactly(move);
        }
        assertThat(admin.get(cluster + "/topics/-/partitions/-/reassignment?prefix=x")
                        .json()
                        .get("data"))
                .isEmpty();

        assertThat(admin.delete(one + "?validate_only=true").status()).isEqualTo(204);
        assertThat(admin.get(one).status()).isEqualTo(200);
        assertThat(admin.delete(one).status()).isEqualTo(204);
        V3Answers.error(admin.get(one), 404, 404);
    }

    @Test
    void reassignmentsOfABatchStandEachForItself() {
        create("{\"topic_name\":\"t\",\"replicas_assignments\":{\"0\":[0],\"1\":[0]}}");
        String alter = cluster + "/topics/-/partitions/-/reassignment:alter";
        Answer some = admin.post(alter, """
                {"data":[{"topic_name":"t","partition_id":0,"replicas":[1]},
                         {"topic_name":"t","partition_id":1,"replicas":[7]},
                         {"topic_name":"u","partition_id":0,"replicas":[0]},
                         {"topic_name":"t","partition_id":9,"replicas":null}]}""");
        assertThat(some.status()).as(some.text()).isEqualTo(207);
        JsonNode failures = some.json().get("failures");
        assertThat(failures.findValuesAsString("error_code")).containsExactly("40002", "40403", "40403");
        assertThat(failures.findValuesAsString("topic_name")).containsExactly("t", "u", "t");
        assertThat(failures.get(0).get("message").asString()).contains("7");
        assertThat(admin.get(cluster + "/topics/t/partitions/0/reassignment").status())
                .isEqualTo(200);
        assertThat(admin.post(alter, "{\"data\":[{\"topic_name\":\"t\",\"partition_id\":0}]}")
                        .status())
                .isEqualTo(204);
        V3Answers.error(
                admin.send(
                        "PUT",
                        cluster + "/topics/t/partitions/0/reassignment",
                        "{\"replicas\":[0,1],\"allow_replication_factor_change\":false}"),
                400,
                40002);
    }

    @Test
    void preferredLeaderIsElectedWhereItDoesNotLead() {
        create("{\"topic_name\":\"t\",\"replicas_assignments\":{\"0\":[0,1]}}");
        String elect = cluster + "/topics/-/partitions/-/leader:elect";
        String one = "\"partitions\":[{\"topic_name\":\"t\",\"partition_id\":0}";
        Answer needless = admin.post(elect, "{\"election_type\":\"PREFERRED\"," + one + "]}");
        assertThat(needless.status()).as(needless.text()).isEqualTo(207);
        assertThat(needless.json().at("/data/0/error_code").asInt()).isEqualTo(40002);
        assertThat(needless.json().at("/data/0/leader/related").asString()).endsWith("/partitions/0/replicas/0");

        Answer all = admin.post(elect, "{\"election_type\":\"PREFERRED\"}");
        assertThat(all.status()).isEqualTo(200);
        assertThat(all.json().get("kind").asString()).isEqualTo("KafkaLeaderElectionList");

        Answer unknown = admin.post(
                elect, "{\"election_type\":\"UNCLEAN\"," + one + ",{\"topic_name\":\"u\",\"partition_id\":0}]}");
        assertThat(unknown.json().findValuesAsString("error_code")).containsExactly("40002", "40403");
    }

    @Test
    void brokersAreForgottenOnlyWhenTheyAreGone() throws Exception {
        V3Answers.error(admin.delete(cluster + "/brokers/0"), 400, 40002);
        V3Answers.error(admin.delete(cluster + "/brokers/0?validate_only=true"), 400, 40002);
        V3Answers.error(admin.delete(cluster + "/brokers/77"), 404, 404);

        Endpoint nowhere = new Endpoint("127.0.0.1", 9095);
        admin.controlPlane()
                .register(new BrokerRegistration(7, "b7", null, nowhere, nowhere, null, List.of()))
                .get(20, TimeUnit.SECONDS);
        for (String path : List.of("/brokers/7?validate_only=true", "/brokers/7?validate_only=true", "/brokers/7")) {
            assertThat(admin.delete(cluster + path).status()).as(path).isEqualTo(204);
        }
        V3Answers.error(admin.delete(cluster + "/brokers/7?validate_only=true"), 404, 404);
    }

    @Test
    void withoutAnAuthorizerEveryCallAboutAclsSaysSo() {
        String acl = "{\"resource_type\":\"TOPIC\"}";
        V3Answers.error(admin.get(cluster + "/acls"), 400, 40002);
        V3Answers.error(admin.get(cluster + "/acls?resource_type=TOPIC&principal=User:a"), 400, 40002);
        V3Answers.error(admin.post(cluster + "/acls", acl), 400, 40002);
        V3Answers.error(admin.post(cluster + "/acls:batch", "{\"data\":[" + acl + "]}"), 400, 40002);
        V3Answers.error(admin.delete(cluster + "/acls?resource_type=TOPIC"), 400, 40002);
        V3Answers.error(admin.get("/v3/clusters/other/acls"), 404, 404);
        assertThat(admin.get(cluster + "/acls").json().get("message").asString())
                .contains("No authorizer is configured");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT | /topics/t/partitions/0/reassignment | {} | 422 | 422",
                "PUT | /topics/t/partitions/0/reassignment | {\"replicas\":[null]} | 422 | 422",
                "PUT | /topics/t/partitions/0/reassignment | {\"replicas\":[]} | 400 | 40002",
                "PUT | /topics/t/partitions/0/reassignment | {\"replicas\":[0,0]} | 400 | 40002",
                "PUT | /topics/t/partitions/0/reassignment | {\"replicas\":\"0\"} | 400 | 400",
                "PUT | /topics/t/partitions/0/reassignment | {\"replicas\":[0],\"replicas\":[1]} | 400 | 400",
                "PUT | /topics/t/partitions/5/reassignment | {\"replicas\":[0]} | 404 | 40402",
                "PUT | /topics/u/partitions/0/reassignment | {\"replicas\":[0]} | 404 | 40403",
                "POST | /topics/-/partitions/-/reassignment:alter | {\"data\":[]} | 422 | 422",
                "POST | /topics/-/partitions/-/reassignment:alter | {\"data\":[{}]} | 422 | 422",
                "POST | /topics/-/partitions/-/reassignment:alter | {\"dat\":[]} | 422 | 422",
                "POST | /topics/-/partitions/-/reassignment:alter | {\"data\":[{\"topic_name\":\"\\x\"}]} | 400 | 400",
                "POST | /topics/-/partitions/-/leader:elect | {} | 422 | 422",
                "POST | /topics/-/partitions/-/leader:elect | {\"election_type\":\"BEST\"} | 400 | 400",
                "POST | /topics/-/partitions/-/leader:elect | {\"election_type\":0} | 400 | 400",
                "POST | /topics/-/partitions/-/leader:elect | {\"election_type\":\"PREFERRED\",\"partitions\":[{}]} | 422 | 422",
                "POST | /topics/t/records:delete | {\"partitions\":[]} | 422 | 422",
                "POST | /topics/t/records:delete | {\"partitions\":[{\"partition_id\":0,\"before_offset\":-2}]} | 422 | 422",
                "POST | /topics/t/records:delete | {\"partitions\":[{\"partition_id\":9,\"before_offset\":0}]} | 404 | 40402",
                "POST | /topics/t/records:delete | {\"partitions\":[{\"partition_id\":1.5,\"before_offset\":0}]} | 400 | 400",
                "POST | /topics/__consumer_offsets/records:purge | {} | 403 | 40301",
                "POST | /topics/u/records:purge | {} | 404 | 40403",
                "POST | /topics/t/records:purge | {\"all\":true} | 422 | 422",
                "POST | /consumer-groups/g/offsets:reset | {} | 422 | 422",
                "POST | /consumer-groups/g/offsets:reset | {\"to\":\"START\"} | 400 | 400",
                "POST | /consumer-groups/g/offsets:reset | {\"to\":\"OFFSET\"} | 422 | 422",
                "POST | /consumer-groups/g/offsets:reset | {\"to\":\"OFFSET\",\"offset\":-1} | 422 | 422",
                "POST | /consumer-groups/g/offsets:reset | {\"to\":\"EARLIEST\",\"offset\":1} | 422 | 422",
                "POST | /consumer-groups/g/offsets:reset | {\"to\":\"TIMESTAMP\",\"timestamp\":\"yesterday\"} | 422 | 422",
                "POST | /consumer-groups/g/offsets:reset | {\"to\":\"TIMESTAMP\",\"timestamp\":5} | 400 | 400",
                "POST | /consumer-groups/g/offsets:reset | {\"to\":\"LATEST\",\"partitions\":[{}]} | 422 | 422",
                "PATCH | /topics/t | {\"partitions_count\":\"3\"} | 400 | 400",
                "PATCH | /topics/t | {\"partitions_count\":3,\"callback\":\"http://169.254.169.254/\"} | 422 | 422"
            })
    void badRequestsNameTheMistake(String method, String path, String body, int status, int errorCode) {
        create("{\"topic_name\":\"t\"}");
        V3Answers.error(admin.send(method, cluster + path, body), status, errorCode);
    }
}
