package io.naru.system.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.naru.client.ApiClient;
import io.naru.client.api.ClusterApi;
import io.naru.client.api.ConfigsApi;
import io.naru.client.api.ConsumerGroupApi;
import io.naru.client.api.GroupsApi;
import io.naru.client.api.LogDirectoryApi;
import io.naru.client.api.ReassignmentApi;
import io.naru.client.api.RecordsApi;
import io.naru.client.api.TopicApi;
import io.naru.client.api.TopicsApi;
import io.naru.client.model.AckRequest;
import io.naru.client.model.AlterConfigsRequest;
import io.naru.client.model.AlterConfigsRequestEntry;
import io.naru.client.model.ClusterConfig;
import io.naru.client.model.ConsumerGroup;
import io.naru.client.model.ConsumerGroupOffset;
import io.naru.client.model.ConsumerLag;
import io.naru.client.model.CreateTopicRequest;
import io.naru.client.model.LogDir;
import io.naru.client.model.PollRequest;
import io.naru.client.model.Polled;
import io.naru.client.model.PutTopicRequest;
import io.naru.client.model.Reassignment;
import io.naru.client.model.ReassignmentRequest;
import io.naru.client.model.Record;
import io.naru.client.model.ResetOffsetsRequest;
import io.naru.client.model.Topic;
import io.naru.client.model.TopicConfig;
import io.naru.client.model.TopicDetail;
import io.naru.client.model.TopicList;
import io.naru.client.model.UpdateConfigRequest;
import io.naru.client.model.UpdateTopicRequest;
import io.naru.client.model.Written;
import io.naru.testkit.NaruCluster;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.http.client.BufferingClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClientResponseException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who has nothing but the document can use Naru: a client generated from it, and a Postman collection made from it, both at the gateway's
 * one base URL. Every answer is held against the document.
 */
@Timeout(180)
class OpenApiClientsIT {

    /** What this cluster of one broker does not do when the collection asks for it, or not wholly (207). Everything else is done. */
    private static final Map<String, Integer> REFUSED = new TreeMap<>(Map.ofEntries(
            // There is no authorizer, and there are no transactions.
            Map.entry("ACL: Create an ACL", 400),
            Map.entry("ACL: Create ACLs", 400),
            Map.entry("ACL: List ACLs", 400),
            Map.entry("Deletions: Delete ACLs", 400),
            Map.entry("records: Not built yet", 501),
            // The examples move partitions between three brokers, and delete more records than there are.
            Map.entry("Reassignment: Move a partition to other brokers", 400),
            Map.entry("Reassignment: Begin and cancel many reassignments", 207),
            Map.entry("Reassignment: Get a partition's reassignment under way", 404),
            Map.entry("Deletions: Cancel a partition's reassignment", 404),
            Map.entry("Records: Delete records up to an offset", 207),
            // Nothing to do: the leader is the preferred one, one of the topics is not there, the group has a member.
            Map.entry("Leader election: Elect leaders", 207),
            Map.entry("Configs: Set and unset configs of several topics", 207),
            Map.entry("Consumer group: Reset a group's offsets", 400),
            // The broker lives; member and topic have been deleted by the calls before.
            Map.entry("Deletions: Forget a broker that will not come back", 400),
            Map.entry("Deletions: Leave now", 404),
            Map.entry("Deletions: Delete a topic and its records", 404),
            // It subscribes already. The stream's topics are optional in Postman. A batch is always answered with 207.
            Map.entry("v2: Read partitions of your own choice", 409),
            Map.entry("groups: Read as a member of a group, as a stream", 400),
            Map.entry("v3: Write several records", 207)));

    private static NaruCluster naru;
    private static ApiClient client;

    @BeforeAll
    static void start() {
        naru = NaruCluster.standalone().start();
        ClientHttpRequestInterceptor conforms = (request, body, execution) -> {
            var answer = execution.execute(request, body);
            Conformance.check(new Conformance.Answer(
                    request.getMethod().name(),
                    request.getURI().getRawPath(),
                    answer.getStatusCode().value(),
                    answer.getHeaders().getFirst("Content-Type"),
                    new String(answer.getBody().readAllBytes(), StandardCharsets.UTF_8)));
            return answer;
        };
        client = new ApiClient(ApiClient.buildRestClientBuilder()
                .requestFactory(new BufferingClientHttpRequestFactory(new JdkClientHttpRequestFactory()))
                .requestInterceptor(conforms)
                .build());
        client.setBasePath(naru.gatewayUrl().toString());
    }

    @AfterAll
    static void stop() {
        naru.close();
    }

    @Test
    void topicsAreCreatedListedAlteredAndDeleted() {
        TopicsApi topics = new TopicsApi(client);
        TopicDetail made = topics.putTopic("made", new PutTopicRequest().partitions(2));
        assertThat(made.getPartitions()).hasSize(2);
        assertThat(topics.listTopics(false).getTopics()).anySatisfy(topic -> {
            assertThat(topic.getName()).isEqualTo("made");
            assertThat(topic.getPartitions()).isEqualTo(2);
        });
        topics.deleteTopic("made");
        assertThatThrownBy(() -> topics.getTopic("made"))
                .isInstanceOfSatisfying(RestClientResponseException.class, e -> {
                    assertThat(e.getStatusCode().value()).isEqualTo(404);
                    assertThat(e.getResponseBodyAsString()).contains("40401");
                });
    }

    private static String cluster() {
        return new ClusterApi(client)
                .listKafkaClusters(null, null)
                .getData()
                .get(0)
                .getClusterId();
    }

    @Test
    void configsAreSetTriedAlteredAndUnset() {
        String cluster = cluster();
        new TopicsApi(client).putTopic("configured", new PutTopicRequest().partitions(1));
        ConfigsApi configs = new ConfigsApi(client);
        configs.updateKafkaTopicConfig(
                cluster, "configured", "retention.ms", new UpdateConfigRequest().value("1000"), null);
        configs.updateKafkaTopicConfig(
                cluster,
                "configured",
                "retention.ms",
                new UpdateConfigRequest().value("2000").validateOnly(true),
                null);
        assertThat(configs.getKafkaTopicConfig(cluster, "configured", "retention.ms")
                        .getValue())
                .isEqualTo("1000");
        configs.updateKafkaTopicConfigBatch(
                cluster,
                "configured",
                new AlterConfigsRequest()
                        .addDataItem(
                                new AlterConfigsRequestEntry().name("flush.ms").value("7"))
                        .addDataItem(new AlterConfigsRequestEntry()
                                .name("retention.ms")
                                .operation(AlterConfigsRequestEntry.OperationEnum.DELETE)),
                null);
        assertThat(configs.listKafkaTopicConfigs(cluster, "configured", null, null, false, null, null)
                        .getData())
                .extracting(TopicConfig::getName, TopicConfig::getValue)
                .containsExactly(tuple("flush.ms", "7"));
        assertThatThrownBy(() -> configs.updateKafkaTopicConfig(
                        cluster, "configured", "flush.ms", new UpdateConfigRequest().value("8"), "\"of-long-ago\""))
                .isInstanceOfSatisfying(
                        RestClientResponseException.class,
                        e -> assertThat(e.getStatusCode().value()).isEqualTo(412));

        configs.updateKafkaBrokerConfig(cluster, 1, "log.retention.ms", new UpdateConfigRequest().value("5000"), null);
        Awaitility.await()
                .until(() -> "5000"
                        .equals(configs.getKafkaBrokerConfig(cluster, 1, "log.retention.ms")
                                .getValue()));
        configs.deleteKafkaBrokerConfig(cluster, 1, "log.retention.ms", null, null);
        configs.updateKafkaClusterConfig(cluster, "log.flush.interval.ms", new UpdateConfigRequest().value("9"), null);
        assertThat(configs.listKafkaClusterConfigs(cluster, "log.flush", null, null, null)
                        .getData())
                .extracting(ClusterConfig::getValue)
                .containsExactly("9");
        configs.deleteKafkaClusterConfig(cluster, "log.flush.interval.ms", null, null);
    }

    @Test
    void replicasAreMovedAndTheirSizesTold() {
        String cluster = cluster();
        new TopicsApi(client).putTopic("stored", new PutTopicRequest().partitions(1));
        new RecordsApi(client)
                .produceToPartition(
                        "stored", 0, null, null, null, null, null, null, null, null, null, null, null, "first");
        ReassignmentApi reassignments = new ReassignmentApi(client);
        Reassignment moved = reassignments.updateKafkaReassignment(
                cluster, "stored", 0, new ReassignmentRequest().addReplicasItem(1));
        assertThat(moved.getAddingReplicas()).as("it is there already").isEmpty();
        assertThat(reassignments
                        .listKafkaAllTopicReassignments(cluster, null, null, null, null)
                        .getData())
                .isEmpty();
        List<LogDir> directories = new LogDirectoryApi(client)
                .listKafkaAllBrokersLogDirs(cluster, null, null)
                .getData();
        assertThat(directories).singleElement().satisfies(directory -> {
            assertThat(directory.getBrokerId()).isEqualTo(1);
            assertThat(directory.getReplicas())
                    .filteredOn(replica -> replica.getTopicName().equals("stored"))
                    .singleElement()
                    .satisfies(replica -> assertThat(replica.getSizeBytes()).isBetween(60L, directory.getSizeBytes()));
        });
    }

    @Test
    void topicsOfVersion3AreCreatedAlteredPagedAndDeleted() {
        String cluster = cluster();
        TopicApi topics = new TopicApi(client);
        for (String name : List.of("v3-a", "v3-b", "v3-c")) {
            Topic made = topics.createKafkaTopic(
                    cluster, new CreateTopicRequest().topicName(name).partitionsCount(3));
            assertThat(made.getPartitionsCount()).isEqualTo(3);
        }
        assertThat(topics.updatePartitionCountKafkaTopic(cluster, "v3-b", new UpdateTopicRequest().partitionsCount(4))
                        .getPartitionsCount())
                .isEqualTo(4);
        TopicList first = topics.listKafkaTopics(cluster, "v3-", null, null, null, 2, null);
        assertThat(first.getData()).extracting(Topic::getTopicName).containsExactly("v3-a", "v3-b");
        String token = first.getMetadata().getNext().replaceAll(".*page_token=([^&]*).*", "$1");
        TopicList second = topics.listKafkaTopics(cluster, "v3-", null, null, null, 2, token);
        assertThat(second.getData()).extracting(Topic::getTopicName).containsExactly("v3-c");
        assertThat(second.getMetadata().getNext()).isNull();
        topics.deleteKafkaTopic(cluster, "v3-c", null);
        assertThatThrownBy(() -> topics.getKafkaTopic(cluster, "v3-c", null))
                .isInstanceOfSatisfying(
                        RestClientResponseException.class,
                        e -> assertThat(e.getStatusCode().value()).isEqualTo(404));
    }

    @Test
    void recordsAreWrittenAndReadInPages() {
        new TopicsApi(client).putTopic("paged", new PutTopicRequest().partitions(1));
        RecordsApi records = new RecordsApi(client);
        for (int i = 0; i < 5; i++) {
            Written written = records.produceToPartition(
                    "paged", 0, "k" + i, null, null, null, null, null, null, null, null, null, null, Map.of("n", i));
            assertThat(written.getOffset()).isEqualTo(i);
        }
        List<Object> read = new ArrayList<>();
        for (long offset = 0; offset < 5; offset += 2) {
            List<Record> page =
                    records.readPartition("paged", 0, offset, null, null, 2, null, null, null, null, null, null, null);
            page.forEach(record -> read.add(((Map<?, ?>) record.getValue()).get("n")));
        }
        assertThat(read).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void groupsArePolledAcknowledgedAndLeft() {
        new TopicsApi(client).putTopic("shared", new PutTopicRequest().partitions(1));
        new RecordsApi(client)
                .produceToPartition(
                        "shared", 0, null, null, null, null, null, null, null, null, null, null, null, "first");
        GroupsApi groups = new GroupsApi(client);
        Polled polled = groups.poll(
                "generated",
                new PollRequest()
                        .addTopicsItem("shared")
                        .from(PollRequest.FromEnum.EARLIEST)
                        .waitMs(20_000));
        assertThat(polled.getRecords()).hasSize(1);
        assertThat(groups.ack("generated", new AckRequest().cursor(polled.getCursor()))
                        .getCommitted())
                .singleElement()
                .satisfies(offset -> assertThat(offset.getOffset()).isEqualTo(1));
        groups.leaveGroup("generated", polled.getMember());

        String cluster = cluster();
        ConsumerGroupApi admin = new ConsumerGroupApi(client);
        assertThat(admin.listKafkaConsumerGroups(cluster, "gener", null, "EMPTY", null, null, null)
                        .getData())
                .extracting(ConsumerGroup::getConsumerGroupId)
                .containsExactly("generated");
        assertThat(admin.resetKafkaConsumerGroupOffsets(
                                cluster, "generated", new ResetOffsetsRequest().to(ResetOffsetsRequest.ToEnum.EARLIEST))
                        .getData())
                .extracting(ConsumerGroupOffset::getOffset)
                .containsExactly(0L);
        assertThat(admin.listKafkaConsumerLags(cluster, "generated", null, null, null, null)
                        .getData())
                .extracting(ConsumerLag::getLag)
                .containsExactly(1L);
        admin.deleteKafkaConsumerGroup(cluster, "generated", null);
    }

    @Test
    void everyRequestOfThePostmanCollectionIsAnsweredAsDescribed() throws Exception {
        List<PostmanRun.Step> steps = new PostmanRun()
                .run(
                        JsonMapper.shared().readTree(PostmanCollection.COMMITTED),
                        Map.of(
                                "baseUrl", naru.gatewayUrl().toString(),
                                "coordinator", naru.coordinatorUrl().getAuthority()));
        assertThat(steps).hasSizeGreaterThan(50);
        Map<String, Integer> refused = new TreeMap<>();
        steps.stream()
                .filter(step -> step.status() == 207 || step.status() >= 400)
                .forEach(step -> refused.put(step.folder() + ": " + step.name(), step.status()));
        assertThat(refused).isEqualTo(REFUSED);
        assertThat(steps)
                .filteredOn(step -> step.status() >= 500 && step.status() != 501)
                .isEmpty();
        assertThat(steps).filteredOn(step -> step.status() < 300).hasSizeGreaterThan(steps.size() * 2 / 3);
    }
}
