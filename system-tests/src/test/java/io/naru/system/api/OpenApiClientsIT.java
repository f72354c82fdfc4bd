package io.naru.system.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.client.ApiClient;
import io.naru.client.api.ClusterApi;
import io.naru.client.api.GroupsApi;
import io.naru.client.api.RecordsApi;
import io.naru.client.api.TopicApi;
import io.naru.client.api.TopicsApi;
import io.naru.client.model.AckRequest;
import io.naru.client.model.CreateTopicRequest;
import io.naru.client.model.PollRequest;
import io.naru.client.model.Polled;
import io.naru.client.model.PutTopicRequest;
import io.naru.client.model.Record;
import io.naru.client.model.Topic;
import io.naru.client.model.TopicDetail;
import io.naru.client.model.TopicList;
import io.naru.client.model.UpdateTopicRequest;
import io.naru.client.model.Written;
import io.naru.testkit.NaruCluster;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    @Test
    void topicsOfVersion3AreCreatedAlteredPagedAndDeleted() {
        String cluster = new ClusterApi(client)
                .listKafkaClusters(null, null)
                .getData()
                .get(0)
                .getClusterId();
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
        assertThat(steps)
                .filteredOn(step -> List.of("topics", "records", "groups", "v3").contains(step.folder()))
                .filteredOn(step -> step.status() >= 400)
                .extracting(PostmanRun.Step::name)
                .allMatch(name -> name.equals("Not built yet") || name.endsWith("as a stream"));
        assertThat(steps)
                .filteredOn(step -> step.status() >= 500 && step.status() != 501)
                .isEmpty();
        assertThat(steps).filteredOn(step -> step.status() < 300).hasSizeGreaterThan(steps.size() * 2 / 3);
    }
}
