package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.system.program.Clients;
import io.naru.system.program.Polling;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruService;
import io.naru.testkit.ReferenceKafka;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What groups are asked that makes no sense: on the wire as genuine Apache Kafka answers it, and over HTTP. */
@Timeout(180)
class BadGroupInputIT {

    private static final String TOPIC = "bad-groups";
    /** The last versions before compact strings, whose frames are plain. */
    private static final short JOIN = 5;

    private static final short HEARTBEAT = 3;
    private static final short COMMIT = 7;
    private static final long FAR = 1_000_000_000_000_000L;

    private static NaruCluster naru;
    private static ReferenceKafka kafka;
    private static Http http;

    @BeforeAll
    static void start() throws IOException {
        naru = NaruCluster.standalone().start();
        http = new Http(naru.gatewayUrl());
        assertThat(http.put("/v1/topics/" + TOPIC, "{\"partitions\":1}").status())
                .isBetween(200, 201);
        kafka = ReferenceKafka.start(Map.of("group.initial.rebalance.delay.ms", "0"));
        // The offsets topic comes with the first who looks for a coordinator.
        try (var producer = Clients.producer(kafka, Map.of());
                var consumer = Clients.member(kafka, "first")) {
            producer.send(new ProducerRecord<>(TOPIC, "v"));
            producer.flush();
            consumer.subscribe(List.of(TOPIC));
            Polling.atLeast(1, consumer);
        }
    }

    @AfterAll
    static void stop() {
        naru.close();
        kafka.close();
    }

    static Stream<String> coordinators() {
        return Stream.of("127.0.0.1:" + naru.runFile(NaruService.COORDINATOR).kafkaPort(), kafka.bootstrapServers());
    }

    private static JoinGroupRequestData join(String group, int sessionTimeoutMs, String member, String... protocols) {
        JoinGroupRequestProtocolCollection offered = new JoinGroupRequestProtocolCollection();
        for (String protocol : protocols) {
            offered.add(new JoinGroupRequestProtocol().setName(protocol).setMetadata(new byte[0]));
        }
        return new JoinGroupRequestData()
                .setGroupId(group)
                .setSessionTimeoutMs(sessionTimeoutMs)
                .setRebalanceTimeoutMs(10_000)
                .setMemberId(member)
                .setProtocolType("consumer")
                .setProtocols(offered);
    }

    /** W69. */
    @ParameterizedTest
    @MethodSource("coordinators")
    void joinsThatCannotBeAreRefusedByName(String coordinator) throws IOException {
        assertThat(joined(coordinator, join("", 10_000, "", "range"))).isEqualTo(Errors.INVALID_GROUP_ID);
        assertThat(joined(coordinator, join("w69", 1, "", "range"))).isEqualTo(Errors.INVALID_SESSION_TIMEOUT);
        assertThat(joined(coordinator, join("w69", 10_000, ""))).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(joined(coordinator, join("w69", 10_000, "", "range"))).isEqualTo(Errors.MEMBER_ID_REQUIRED);
    }

    private static Errors joined(String coordinator, JoinGroupRequestData request) throws IOException {
        return Errors.forCode(
                new JoinGroupResponseData(ask(coordinator, ApiKeys.JOIN_GROUP, JOIN, request), JOIN).errorCode());
    }

    /** W70. */
    @ParameterizedTest
    @MethodSource("coordinators")
    void strangersAreUnknownMembers(String coordinator) throws IOException {
        HeartbeatRequestData heartbeat =
                new HeartbeatRequestData().setGroupId("w70").setGenerationId(1).setMemberId("stranger");
        assertThat(new HeartbeatResponseData(ask(coordinator, ApiKeys.HEARTBEAT, HEARTBEAT, heartbeat), HEARTBEAT)
                        .errorCode())
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID.code());
        // A group with a member, into which nobody else may commit.
        assertThat(committed(
                        coordinator,
                        commit("w70", 1, "").setMemberId("stranger").setGenerationIdOrMemberEpoch(5)))
                .isIn(Errors.UNKNOWN_MEMBER_ID, Errors.ILLEGAL_GENERATION);
    }

    /** W71. */
    @ParameterizedTest
    @MethodSource("coordinators")
    void notesOfACommitHaveALimit(String coordinator) throws IOException {
        assertThat(committed(coordinator, commit("w71", 1, "x".repeat(5_000))))
                .isEqualTo(Errors.OFFSET_METADATA_TOO_LARGE);
        assertThat(committed(coordinator, commit("w71", 1, "x".repeat(4_096)))).isEqualTo(Errors.NONE);
    }

    /** W72: Apache Kafka keeps −7, too, and so hands its consumers a place to read from that there cannot be. */
    @ParameterizedTest
    @MethodSource("coordinators")
    void offsetsBeyondTheEndAreTakenAndNegativeOnesAreNot(String coordinator) throws IOException {
        assertThat(committed(coordinator, commit("w72", FAR, ""))).isEqualTo(Errors.NONE);
        assertThat(committed(coordinator, commit("w72", -7, "")))
                .isEqualTo(coordinator.equals(kafka.bootstrapServers()) ? Errors.NONE : Errors.INVALID_REQUEST);
    }

    private static OffsetCommitRequestData commit(String group, long offset, String metadata) {
        return new OffsetCommitRequestData()
                .setGroupId(group)
                .setGenerationIdOrMemberEpoch(-1)
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setName(TOPIC)
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setPartitionIndex(0)
                                .setCommittedOffset(offset)
                                .setCommittedMetadata(metadata)))));
    }

    private static Errors committed(String coordinator, OffsetCommitRequestData request) throws IOException {
        OffsetCommitResponseData answer =
                new OffsetCommitResponseData(ask(coordinator, ApiKeys.OFFSET_COMMIT, COMMIT, request), COMMIT);
        return Errors.forCode(answer.topics().get(0).partitions().get(0).errorCode());
    }

    private static ByteBufferAccessor ask(String coordinator, ApiKeys api, short version, ApiMessage request)
            throws IOException {
        ByteBuffer body = MessageUtil.toByteBufferAccessor(request, version).buffer();
        byte[] bytes = new byte[body.remaining()];
        body.get(bytes);
        try (RawKafka raw = new RawKafka(coordinator)) {
            raw.send(RawKafka.frame(api.id, version, bytes));
            ByteBuffer reply = ByteBuffer.wrap(raw.reply());
            assertThat(reply.getInt()).as("correlation id").isEqualTo(7);
            return new ByteBufferAccessor(reply);
        }
    }

    // ---- over HTTP

    private static Http.Answer instance(String group, String path, String json) throws IOException {
        return http.post("/consumers/" + group + path, json, "Content-Type", "application/vnd.kafka.v2+json");
    }

    private static void failed(Http.Answer answer, int status, int code) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.json().required("error_code").asInt())
                .as(answer.toString())
                .isEqualTo(code);
        assertThat(answer.json().required("message").asString()).isNotBlank();
    }

    /** H85. */
    @Test
    void anInstanceIsThereOnceOrNotAtAll() throws IOException {
        assertThat(instance("h85", "", "{\"name\":\"one\"}").status()).isEqualTo(200);
        failed(instance("h85", "", "{\"name\":\"one\"}"), 409, 40902);
        failed(http.get("/consumers/h85/instances/another/records"), 404, 40403);
        failed(instance("h85", "/instances/another/offsets", ""), 404, 40403);
    }

    /** H86 and H87. */
    @Test
    void anInstanceSubscribesOrChoosesAndReadsNothingBefore() throws IOException {
        assertThat(instance("h86", "", "{\"name\":\"one\"}").status()).isEqualTo(200);
        failed(http.get("/consumers/h86/instances/one/records"), 409, 40903);
        String chosen = "{\"partitions\":[{\"topic\":\"" + TOPIC + "\",\"partition\":0}]}";
        assertThat(instance("h86", "/instances/one/assignments", chosen).status())
                .isEqualTo(204);
        failed(instance("h86", "/instances/one/subscription", "{\"topics\":[\"" + TOPIC + "\"]}"), 409, 40903);
    }

    /** H88, first half: a member that is out of its group. */
    @Test
    void whoIsOutOfTheGroupCannotAcknowledge() throws IOException {
        Http.Answer polled = http.post(
                "/v1/groups/h88/poll",
                "{\"topics\":[\"" + TOPIC + "\"],\"wait_ms\":1000}",
                "Content-Type",
                "application/json");
        assertThat(polled.status()).as(polled.toString()).isEqualTo(200);
        String member = polled.json().required("member").asString();
        String cursor = polled.json().required("cursor").asString();
        assertThat(http.delete("/v1/groups/h88/members/" + member).status()).isEqualTo(204);
        Http.Answer late =
                http.post("/v1/groups/h88/ack", "{\"cursor\":\"" + cursor + "\"}", "Content-Type", "application/json");
        assertThat(late.status()).as(late.toString()).isEqualTo(409);
        assertThat(late.json().required("code").asInt()).isEqualTo(40901);
    }

    /** H88, second half, and H89. */
    @Test
    void anInstanceCommitsAndSeeksWhereItCan() throws IOException {
        String chosen = "{\"partitions\":[{\"topic\":\"" + TOPIC + "\",\"partition\":0}]}";
        assertThat(instance("h89", "", "{\"name\":\"one\"}").status()).isEqualTo(200);
        assertThat(instance("h89", "/instances/one/assignments", chosen).status())
                .isEqualTo(204);
        Http.Answer negative = instance(
                "h89",
                "/instances/one/offsets",
                "{\"offsets\":[{\"topic\":\"" + TOPIC + "\",\"partition\":0,\"offset\":-7}]}");
        assertThat(negative.status()).as(negative.toString()).isIn(400, 422);
        Http.Answer stranger = instance(
                "h89",
                "/instances/one/positions",
                "{\"offsets\":[{\"topic\":\"" + TOPIC + "-2\",\"partition\":0,\"offset\":1}]}");
        failed(stranger, 409, 40903);
    }

    /** H90. */
    @Test
    void wordsThatThereAreNotAreRefused() throws IOException {
        failed(instance("h90", "", "{\"auto.offset.reset\":\"foo\"}"), 422, 42204);
        Http.Answer isolation = http.get("/v1/topics/" + TOPIC + "/records?isolation=foo");
        assertThat(isolation.status()).as(isolation.toString()).isEqualTo(400);
    }
}
