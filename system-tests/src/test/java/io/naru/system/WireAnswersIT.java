package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that are well formed and wrong in what they say, and the numbers of the errors they are answered with. */
@Timeout(180)
class WireAnswersIT {

    private static final String TOPIC = "wire";
    private static final int PRODUCE_VERSION = 9;

    private static NaruCluster naru;

    @BeforeAll
    static void start() throws IOException {
        naru = NaruCluster.standalone()
                .property("naru.broker.auto-create-topics", "false")
                .start();
        assertThat(new Http(naru.gatewayUrl())
                        .put("/v1/topics/" + TOPIC, "{\"partitions\":1}")
                        .status())
                .isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        naru.close();
    }

    private static RawKafka broker() throws IOException {
        return new RawKafka(naru.bootstrapServers());
    }

    private static RawKafka coordinator() throws IOException {
        return new RawKafka("127.0.0.1:" + naru.runFile(NaruService.COORDINATOR).kafkaPort());
    }

    private static MemoryRecords batch(long timestamp) {
        return MemoryRecords.withRecords(
                Compression.NONE, new SimpleRecord(timestamp, "v".getBytes(StandardCharsets.UTF_8)));
    }

    private static MemoryRecords of(long producerId, int epoch, int sequence) {
        return MemoryRecords.withIdempotentRecords(
                Compression.NONE,
                producerId,
                (short) epoch,
                sequence,
                new SimpleRecord(System.currentTimeMillis(), "v".getBytes(StandardCharsets.UTF_8)));
    }

    private static ProduceRequestData produce(String topic, int partition, int acks, MemoryRecords records) {
        ProduceRequestData request =
                new ProduceRequestData().setAcks((short) acks).setTimeoutMs(5_000);
        request.topicData()
                .add(new TopicProduceData()
                        .setName(topic)
                        .setPartitionData(List.of(
                                new PartitionProduceData().setIndex(partition).setRecords(records))));
        return request;
    }

    private static ProduceResponseData.PartitionProduceResponse ask(ProduceRequestData request) throws IOException {
        try (RawKafka raw = broker()) {
            return raw.ask(request, PRODUCE_VERSION, ProduceResponseData.class)
                    .responses()
                    .iterator()
                    .next()
                    .partitionResponses()
                    .get(0);
        }
    }

    static Stream<Arguments> produced() {
        long now = System.currentTimeMillis();
        return Stream.of(
                Arguments.of("W34 acks 2", produce(TOPIC, 0, 2, batch(now)), 21),
                Arguments.of("W36 records null", produce(TOPIC, 0, -1, null), 87),
                Arguments.of("W37 records empty", produce(TOPIC, 0, -1, MemoryRecords.EMPTY), 87),
                Arguments.of(
                        "W50 transactional",
                        produce(
                                TOPIC,
                                0,
                                -1,
                                MemoryRecords.withTransactionalRecords(
                                        Compression.NONE, 9, (short) 0, 0, new SimpleRecord(now, new byte[1]))),
                        53),
                Arguments.of(
                        "W56 in ten years",
                        produce(TOPIC, 0, -1, batch(now + Duration.ofDays(3650).toMillis())),
                        32),
                Arguments.of("W62 unknown topic", produce("nowhere", 0, -1, batch(now)), 3),
                Arguments.of("W62 a path", produce("../x", 0, -1, batch(now)), 3),
                Arguments.of("W62 partition 99", produce(TOPIC, 99, -1, batch(now)), 3),
                Arguments.of("W62 partition -1", produce(TOPIC, -1, -1, batch(now)), 3),
                Arguments.of(
                        "W63 two MiB",
                        produce(
                                TOPIC,
                                0,
                                -1,
                                MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(now, new byte[2 << 20]))),
                        10));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("produced")
    void produceIsAnswered(String row, ProduceRequestData request, int error) throws IOException {
        assertThat((int) ask(request).errorCode()).as(row).isEqualTo(error);
    }

    @Test
    void w35BadBatchWithoutAcksClosesTheConnection() throws IOException {
        MemoryRecords bad = batch(System.currentTimeMillis());
        bad.buffer().put(bad.sizeInBytes() - 1, (byte) 0x55);
        try (RawKafka raw = broker()) {
            raw.send(RawKafka.request(produce(TOPIC, 0, 0, bad), PRODUCE_VERSION));
            assertThat(raw.isClosedWithoutReply()).isTrue();
        }
    }

    @Test
    void w59To61SequencesAreKept() throws IOException {
        assertThat((int) ask(produce(TOPIC, 0, -1, of(77, 1, 5))).errorCode())
                .as("W59: a producer that is not known may begin anywhere")
                .isZero();
        long first = ask(produce(TOPIC, 0, -1, of(77, 1, 6))).baseOffset();
        assertThat(ask(produce(TOPIC, 0, -1, of(77, 1, 6))).baseOffset())
                .as("W60")
                .isEqualTo(first);
        assertThat((int) ask(produce(TOPIC, 0, -1, of(77, 1, 9))).errorCode())
                .as("W61 gap")
                .isEqualTo(45);
        assertThat((int) ask(produce(TOPIC, 0, -1, of(77, 0, 7))).errorCode())
                .as("W61 old epoch")
                .isEqualTo(47);
    }

    private static FetchRequestData fetch(long offset, int maxBytes, int leaderEpoch, int session) {
        return new FetchRequestData()
                .setMaxWaitMs(0)
                .setMinBytes(0)
                .setMaxBytes(maxBytes)
                .setSessionId(session)
                .setSessionEpoch(session == 0 ? -1 : 5)
                .setTopics(List.of(new FetchTopic()
                        .setTopic(TOPIC)
                        .setPartitions(List.of(new FetchPartition()
                                .setPartition(0)
                                .setFetchOffset(offset)
                                .setCurrentLeaderEpoch(leaderEpoch)
                                .setPartitionMaxBytes(1_000)))));
    }

    static Stream<Arguments> fetched() {
        return Stream.of(
                Arguments.of("W64 offset -1", fetch(-1, 1_000, -1, 0), 1),
                Arguments.of("W64 offset 10^15", fetch(1_000_000_000_000_000L, 1_000, -1, 0), 1),
                Arguments.of("W66 max_bytes -1", fetch(0, -1, -1, 0), 42),
                Arguments.of("W67 epoch 99", fetch(0, 1_000, 99, 0), 75),
                Arguments.of("W68 bogus session", fetch(0, 1_000, -1, 12_345), 70),
                Arguments.of("W65 a replica's id", fetch(0, 1_000, -1, 0).setReplicaId(99), -2));
    }

    /** What a client may not ask is told for the partition or for all; −2 stands for any error, with nothing read. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("fetched")
    void fetchIsAnswered(String row, FetchRequestData request, int error) throws IOException {
        try (RawKafka raw = broker()) {
            FetchResponseData answer = raw.ask(request, 12, FetchResponseData.class);
            int told = answer.errorCode() != 0 || answer.responses().isEmpty()
                    ? answer.errorCode()
                    : answer.responses().get(0).partitions().get(0).errorCode();
            if (error == -2) {
                assertThat(told).as(row).isNotZero();
            } else {
                assertThat(told).as(row).isEqualTo(error);
            }
        }
    }

    @Test
    void w23UnknownTagsAreTaken() throws IOException {
        ApiVersionsRequestData request =
                new ApiVersionsRequestData().setClientSoftwareName("raw").setClientSoftwareVersion("1");
        request.unknownTaggedFields().add(new RawTaggedField(4_711, new byte[] {1, 2, 3}));
        try (RawKafka raw = broker()) {
            assertThat((int) raw.ask(request, 3, ApiVersionsResponseData.class).errorCode())
                    .isZero();
        }
    }

    @Test
    void w24BadSoftwareNameIsRefused() throws IOException {
        ApiVersionsRequestData request =
                new ApiVersionsRequestData().setClientSoftwareName("-raw!").setClientSoftwareVersion("1");
        try (RawKafka raw = broker()) {
            assertThat((int) raw.ask(request, 3, ApiVersionsResponseData.class).errorCode())
                    .isEqualTo(42);
        }
    }

    /** As Apache Kafka: its generated parsers, which are ours, take every negative length for null. */
    @Test
    void w26NegativeArrayIsNull() throws IOException {
        try (RawKafka raw = broker()) {
            raw.send(RawKafka.frame(3, 1, RawKafka.bytes(out -> out.writeInt(-5))));
            assertThat(raw.reply()).isNotEmpty();
        }
    }

    @Test
    void w31And73TopicNamesThatCannotBeAre17() throws IOException {
        try (RawKafka raw = broker()) {
            for (String name : List.of("..", "a/b", "x".repeat(250), "\u00e9", "")) {
                MetadataRequestData metadata =
                        new MetadataRequestData().setTopics(List.of(new MetadataRequestTopic().setName(name)));
                assertThat((int) raw.ask(metadata, 9, MetadataResponseData.class)
                                .topics()
                                .iterator()
                                .next()
                                .errorCode())
                        .as("Metadata of \"" + name + "\"")
                        .isEqualTo(17);
                assertThat(created(raw, name, 1, 1))
                        .as("CreateTopics of \"" + name + "\"")
                        .isEqualTo(17);
            }
        }
    }

    private static int created(RawKafka raw, String name, int partitions, int replicas) throws IOException {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(10_000);
        request.topics()
                .add(new CreatableTopic()
                        .setName(name)
                        .setNumPartitions(partitions)
                        .setReplicationFactor((short) replicas));
        return raw.ask(request, 7, CreateTopicsResponseData.class)
                .topics()
                .iterator()
                .next()
                .errorCode();
    }

    @Test
    void w74TopicsThatTheClusterCannotHaveAreNotMade() throws IOException {
        try (RawKafka raw = broker()) {
            assertThat(created(raw, "no-partitions", 0, 1)).isEqualTo(37);
            assertThat(created(raw, "minus-five", -5, 1)).isEqualTo(37);
            assertThat(created(raw, "five-replicas", 1, 5)).isEqualTo(38);
            assertThat(created(raw, "no-replicas", 1, 0)).isEqualTo(38);
            assertThat(created(raw, "a-million", 1_000_000, 1)).isIn(37, 44);
        }
    }

    private static JoinGroupRequestData join(String group, int sessionMs, boolean protocols) {
        JoinGroupRequestData request = new JoinGroupRequestData()
                .setGroupId(group)
                .setSessionTimeoutMs(sessionMs)
                .setRebalanceTimeoutMs(10_000)
                .setProtocolType("consumer");
        if (protocols) {
            request.protocols()
                    .add(new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[4]));
        }
        return request;
    }

    @Test
    void w69JoinsThatCannotBeAreRefused() throws IOException {
        try (RawKafka raw = coordinator()) {
            assertThat(joined(raw, join("", 10_000, true))).as("no group").isEqualTo(24);
            assertThat(joined(raw, join("g", 1, true))).as("1 ms").isEqualTo(26);
            assertThat(joined(raw, join("g", 10_000, false))).as("no protocols").isEqualTo(23);
            assertThat(joined(raw, join("g", 10_000, true))).as("no member id").isEqualTo(79);
        }
    }

    private static int joined(RawKafka raw, JoinGroupRequestData request) throws IOException {
        return raw.ask(request, 9, JoinGroupResponseData.class).errorCode();
    }

    private static int committed(RawKafka raw, String member, long offset, String metadata) throws IOException {
        OffsetCommitRequestData request = new OffsetCommitRequestData()
                .setGroupId("committers")
                .setMemberId(member)
                .setGenerationIdOrMemberEpoch(member.isEmpty() ? -1 : 1)
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setName(TOPIC)
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setPartitionIndex(0)
                                .setCommittedOffset(offset)
                                .setCommittedMetadata(metadata)))));
        return raw.ask(request, 8, OffsetCommitResponseData.class)
                .topics()
                .get(0)
                .partitions()
                .get(0)
                .errorCode();
    }

    @Test
    void w70To72StrangersAndImpossibleOffsetsAreRefused() throws IOException {
        try (RawKafka raw = coordinator()) {
            HeartbeatRequestData heartbeat = new HeartbeatRequestData()
                    .setGroupId("nobody")
                    .setGenerationId(1)
                    .setMemberId("stranger");
            assertThat((int) raw.ask(heartbeat, 4, HeartbeatResponseData.class).errorCode())
                    .as("W70")
                    .isEqualTo(25);
            // Of a group that is not there Apache Kafka says 22, an old generation.
            assertThat(committed(raw, "stranger", 1, "")).as("W70").isIn(22, 25);
            assertThat(committed(raw, "", 1, "x".repeat(5_000))).as("W71").isEqualTo(12);
            assertThat(committed(raw, "", -7, "")).as("W72").isEqualTo(42);
            assertThat(committed(raw, "", 1_000_000_000_000_000L, "")).as("W72").isZero();
        }
    }

    @Test
    void w78CallsBetweenBrokersAreNotServed() throws IOException {
        AlterPartitionRequestData request = new AlterPartitionRequestData()
                .setBrokerId(1)
                .setBrokerEpoch(1)
                .setTopics(List.of(new AlterPartitionRequestData.TopicData().setTopicId(Uuid.randomUuid())));
        try (RawKafka raw = broker()) {
            raw.send(RawKafka.request(request, 3));
            assertThat(raw.isClosedWithoutReply()).isTrue();
        }
    }

    /** One answer in flight per connection at most is read ahead; the broker goes on for everybody else. */
    @Test
    void w80WhoDoesNotReadItsAnswersHoldsUpNobodyElse() throws IOException {
        byte[] request = RawKafka.request(new MetadataRequestData().setTopics(null), 9);
        try (RawKafka greedy = broker()) {
            Thread sender = new Thread(() -> {
                for (int i = 0; i < 10_000; i++) {
                    greedy.send(request);
                }
            });
            sender.setDaemon(true);
            sender.start();
            for (int i = 0; i < 20; i++) {
                assertThat((int) ask(produce(TOPIC, 0, -1, batch(System.currentTimeMillis())))
                                .errorCode())
                        .isZero();
            }
        }
    }
}
