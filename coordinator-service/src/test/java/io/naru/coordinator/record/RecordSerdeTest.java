package io.naru.coordinator.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupCurrentMemberAssignment;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupMemberMetadata;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupMetadata;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupPartitionMetadata;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupRegularExpression;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupTargetAssignmentMember;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupTargetAssignmentMetadata;
import io.naru.coordinator.record.CoordinatorRecord.GroupMetadata;
import io.naru.coordinator.record.CoordinatorRecord.OffsetCommit;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupCurrentMemberAssignmentKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupCurrentMemberAssignmentValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupPartitionMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupPartitionMetadataValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupRegularExpressionKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupRegularExpressionValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMemberKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMemberValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMetadataValue;
import org.apache.kafka.coordinator.group.generated.GroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.OffsetCommitKey;
import org.apache.kafka.coordinator.group.generated.OffsetCommitValue;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every record type, against Apache Kafka's own reader and writer. */
class RecordSerdeTest {

    private static final GroupCoordinatorRecordSerde APACHE = new GroupCoordinatorRecordSerde();
    private static final Uuid TOPIC = Uuid.fromString("AAAAAAAAAAEAAAAAAAAAAQ");
    private static final Uuid LATER_TOPIC = Uuid.fromString("BAAAAAAAAAEAAAAAAAAAAQ");

    static Stream<Arguments> records() {
        return Stream.of(offsets(), groups(), members(), assignments()).flatMap(s -> s);
    }

    private static Arguments pair(CoordinatorRecord ours, ApiMessage key, ApiMessage value, int version) {
        return Arguments.of(
                ours,
                org.apache.kafka.coordinator.common.runtime.CoordinatorRecord.record(
                        key, new ApiMessageAndVersion(value, (short) version)));
    }

    private static Stream<Arguments> offsets() {
        ApiMessage key =
                new OffsetCommitKey().setGroup("g-é").setTopic("orders").setPartition(3);
        return Stream.of(
                pair(
                        new OffsetCommit("g-é", "orders", 3, new CommittedOffset(42, 7, "ö", 1000, -1, TOPIC)),
                        key,
                        new OffsetCommitValue()
                                .setOffset(42)
                                .setLeaderEpoch(7)
                                .setMetadata("ö")
                                .setCommitTimestamp(1000)
                                .setTopicId(TOPIC),
                        4),
                pair(
                        new OffsetCommit("g-é", "orders", 3, new CommittedOffset(0, -1, "", 1000, -1, Uuid.ZERO_UUID)),
                        key,
                        new OffsetCommitValue()
                                .setOffset(0)
                                .setLeaderEpoch(-1)
                                .setMetadata("")
                                .setCommitTimestamp(1000),
                        4),
                pair(
                        new OffsetCommit(
                                "g-é", "orders", 3, new CommittedOffset(9, -1, "m", 1000, 2000, Uuid.ZERO_UUID)),
                        key,
                        new OffsetCommitValue()
                                .setOffset(9)
                                .setMetadata("m")
                                .setCommitTimestamp(1000)
                                .setExpireTimestamp(2000),
                        1));
    }

    private static Stream<Arguments> groups() {
        ClassicGroupValue classic = new ClassicGroupValue(
                "consumer",
                5,
                "range",
                "m-1",
                123,
                List.of(
                        new ClassicGroupValue.Member(
                                "m-1",
                                null,
                                "c",
                                "/127.0.0.1",
                                300_000,
                                45_000,
                                Bytes.copyOf(new byte[] {1, 2}),
                                Bytes.EMPTY),
                        new ClassicGroupValue.Member(
                                "m-2", "i-2", "c", "/127.0.0.1", 1, 2, Bytes.EMPTY, Bytes.copyOf(new byte[] {3}))));
        GroupMetadataValue apacheClassic = new GroupMetadataValue()
                .setProtocolType("consumer")
                .setGeneration(5)
                .setProtocol("range")
                .setLeader("m-1")
                .setCurrentStateTimestamp(123)
                .setMembers(List.of(
                        apacheMember("m-1", null, 300_000, 45_000, new byte[] {1, 2}, new byte[0]),
                        apacheMember("m-2", "i-2", 1, 2, new byte[0], new byte[] {3})));
        return Stream.of(
                pair(new GroupMetadata("g", classic), new GroupMetadataKey().setGroup("g"), apacheClassic, 3),
                pair(
                        new ConsumerGroupMetadata("g", new ConsumerGroupMetadata.Epoch(12, 0)),
                        new ConsumerGroupMetadataKey().setGroupId("g"),
                        new ConsumerGroupMetadataValue().setEpoch(12),
                        0),
                pair(
                        new ConsumerGroupMetadata("g", new ConsumerGroupMetadata.Epoch(12, -5)),
                        new ConsumerGroupMetadataKey().setGroupId("g"),
                        new ConsumerGroupMetadataValue().setEpoch(12).setMetadataHash(-5),
                        0),
                pair(
                        new ConsumerGroupPartitionMetadata(
                                "g", List.of(new ConsumerGroupPartitionMetadata.Topic(TOPIC, "orders", 4))),
                        new ConsumerGroupPartitionMetadataKey().setGroupId("g"),
                        new ConsumerGroupPartitionMetadataValue()
                                .setTopics(List.of(new ConsumerGroupPartitionMetadataValue.TopicMetadata()
                                        .setTopicId(TOPIC)
                                        .setTopicName("orders")
                                        .setNumPartitions(4))),
                        0),
                pair(
                        new ConsumerGroupRegularExpression(
                                "g",
                                "or.*",
                                new ConsumerGroupRegularExpression.Resolved(
                                        new TreeSet<>(List.of("orders", "oranges")), 17, 99)),
                        new ConsumerGroupRegularExpressionKey().setGroupId("g").setRegularExpression("or.*"),
                        new ConsumerGroupRegularExpressionValue()
                                .setTopics(List.of("oranges", "orders"))
                                .setVersion(17)
                                .setTimestamp(99),
                        0));
    }

    private static GroupMetadataValue.MemberMetadata apacheMember(
            String id, String instance, int rebalance, int session, byte[] subscription, byte[] assignment) {
        return new GroupMetadataValue.MemberMetadata()
                .setMemberId(id)
                .setGroupInstanceId(instance)
                .setClientId("c")
                .setClientHost("/127.0.0.1")
                .setRebalanceTimeout(rebalance)
                .setSessionTimeout(session)
                .setSubscription(subscription)
                .setAssignment(assignment);
    }

    private static Stream<Arguments> members() {
        ApiMessage key = new ConsumerGroupMemberMetadataKey().setGroupId("g").setMemberId("m");
        return Stream.of(
                pair(
                        new ConsumerGroupMemberMetadata(
                                "g",
                                "m",
                                new MemberSubscription(
                                        null,
                                        null,
                                        "c",
                                        "/127.0.0.1",
                                        new TreeSet<>(List.of("b", "a")),
                                        null,
                                        1000,
                                        null,
                                        null)),
                        key,
                        new ConsumerGroupMemberMetadataValue()
                                .setInstanceId(null)
                                .setRackId(null)
                                .setSubscribedTopicRegex(null)
                                .setServerAssignor(null)
                                .setClassicMemberMetadata(null)
                                .setClientId("c")
                                .setClientHost("/127.0.0.1")
                                .setSubscribedTopicNames(List.of("a", "b"))
                                .setRebalanceTimeoutMs(1000),
                        0),
                pair(
                        new ConsumerGroupMemberMetadata(
                                "g",
                                "m",
                                new MemberSubscription(
                                        "i",
                                        "r",
                                        "c",
                                        "/127.0.0.1",
                                        new TreeSet<>(),
                                        "x.*",
                                        1000,
                                        "range",
                                        new MemberSubscription.ClassicMemberMetadata(
                                                45_000,
                                                List.of(new MemberSubscription.ClassicProtocol(
                                                        "range", Bytes.copyOf(new byte[] {9})))))),
                        key,
                        new ConsumerGroupMemberMetadataValue()
                                .setInstanceId("i")
                                .setRackId("r")
                                .setClientId("c")
                                .setClientHost("/127.0.0.1")
                                .setSubscribedTopicRegex("x.*")
                                .setRebalanceTimeoutMs(1000)
                                .setServerAssignor("range")
                                .setClassicMemberMetadata(new ConsumerGroupMemberMetadataValue.ClassicMemberMetadata()
                                        .setSessionTimeoutMs(45_000)
                                        .setSupportedProtocols(
                                                List.of(new ConsumerGroupMemberMetadataValue.ClassicProtocol()
                                                        .setName("range")
                                                        .setMetadata(new byte[] {9})))),
                        0));
    }

    private static Stream<Arguments> assignments() {
        SortedMap<PartitionId, Integer> assigned = new TreeMap<>(
                Map.of(new PartitionId(TOPIC, 2), 4, new PartitionId(TOPIC, 0), 3, new PartitionId(LATER_TOPIC, 7), 1));
        SortedMap<PartitionId, Integer> revoked = new TreeMap<>(Map.of(new PartitionId(LATER_TOPIC, 1), 2));
        return Stream.of(
                pair(
                        new ConsumerGroupTargetAssignmentMetadata(
                                "g", new ConsumerGroupTargetAssignmentMetadata.Target(8, 1234)),
                        new ConsumerGroupTargetAssignmentMetadataKey().setGroupId("g"),
                        new ConsumerGroupTargetAssignmentMetadataValue()
                                .setAssignmentEpoch(8)
                                .setAssignmentTimestamp(1234),
                        0),
                pair(
                        new ConsumerGroupTargetAssignmentMember(
                                "g", "m", new TreeSet<>(List.of(new PartitionId(TOPIC, 5), new PartitionId(TOPIC, 1)))),
                        new ConsumerGroupTargetAssignmentMemberKey()
                                .setGroupId("g")
                                .setMemberId("m"),
                        new ConsumerGroupTargetAssignmentMemberValue()
                                .setTopicPartitions(
                                        List.of(new ConsumerGroupTargetAssignmentMemberValue.TopicPartition()
                                                .setTopicId(TOPIC)
                                                .setPartitions(List.of(1, 5)))),
                        0),
                pair(
                        new ConsumerGroupCurrentMemberAssignment(
                                "g",
                                "m",
                                new CurrentAssignment(4, 3, MemberState.UNREVOKED_PARTITIONS, assigned, revoked)),
                        new ConsumerGroupCurrentMemberAssignmentKey()
                                .setGroupId("g")
                                .setMemberId("m"),
                        new ConsumerGroupCurrentMemberAssignmentValue()
                                .setMemberEpoch(4)
                                .setPreviousMemberEpoch(3)
                                .setState((byte) 1)
                                .setAssignedPartitions(List.of(
                                        apacheTopic(TOPIC, List.of(0, 2), List.of(3, 4)),
                                        apacheTopic(LATER_TOPIC, List.of(7), List.of(1))))
                                .setPartitionsPendingRevocation(
                                        List.of(apacheTopic(LATER_TOPIC, List.of(1), List.of(2)))),
                        0));
    }

    private static ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions apacheTopic(
            Uuid topicId, List<Integer> partitions, List<Integer> epochs) {
        return new ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions()
                .setTopicId(topicId)
                .setPartitions(partitions)
                .setAssignmentEpochs(epochs);
    }

    @ParameterizedTest
    @MethodSource("records")
    void writesTheBytesThatApacheWrites(
            CoordinatorRecord ours, org.apache.kafka.coordinator.common.runtime.CoordinatorRecord apaches) {
        assertThat(RecordSerde.key(ours)).isEqualTo(APACHE.serializeKey(apaches));
        assertThat(RecordSerde.value(ours)).isEqualTo(APACHE.serializeValue(apaches));
    }

    @ParameterizedTest
    @MethodSource("records")
    void apacheReadsWhatIsWritten(
            CoordinatorRecord ours, org.apache.kafka.coordinator.common.runtime.CoordinatorRecord apaches) {
        assertThat(APACHE.deserialize(ByteBuffer.wrap(RecordSerde.key(ours)), ByteBuffer.wrap(RecordSerde.value(ours))))
                .isEqualTo(apaches);
    }

    @ParameterizedTest
    @MethodSource("records")
    void readsWhatApacheWrites(
            CoordinatorRecord ours, org.apache.kafka.coordinator.common.runtime.CoordinatorRecord apaches) {
        ByteBuffer key = ByteBuffer.wrap(APACHE.serializeKey(apaches));

        assertThat(RecordSerde.read(key, ByteBuffer.wrap(APACHE.serializeValue(apaches))))
                .contains(ours);
        assertThat(RecordSerde.read(key, null)).hasValueSatisfying(tombstone -> {
            assertThat(tombstone.value()).isNull();
            assertThat(tombstone.groupId()).isEqualTo(ours.groupId());
            assertThat(RecordSerde.key(tombstone)).isEqualTo(key.array());
            assertThat(RecordSerde.value(tombstone)).isNull();
        });
    }

    @Test
    void readsOldVersionsOfOffsetCommits() {
        ApiMessage key = new OffsetCommitKey().setGroup("g").setTopic("t").setPartition(0);
        for (short version = 0; version <= OffsetCommitValue.HIGHEST_SUPPORTED_VERSION; version++) {
            var apaches = org.apache.kafka.coordinator.common.runtime.CoordinatorRecord.record(
                    key,
                    new ApiMessageAndVersion(
                            new OffsetCommitValue()
                                    .setOffset(5)
                                    .setMetadata("x")
                                    .setCommitTimestamp(6)
                                    .setExpireTimestamp(version == 1 ? 7 : -1),
                            version));

            assertThat(RecordSerde.read(
                            ByteBuffer.wrap(APACHE.serializeKey(apaches)),
                            ByteBuffer.wrap(APACHE.serializeValue(apaches))))
                    .as("version %d", version)
                    .contains(new OffsetCommit(
                            "g", "t", 0, new CommittedOffset(5, -1, "x", 6, version == 1 ? 7 : -1, Uuid.ZERO_UUID)));
        }
    }

    @Test
    void readsEveryVersionOfClassicGroups() {
        for (short version = 0; version <= GroupMetadataValue.HIGHEST_SUPPORTED_VERSION; version++) {
            var apaches = org.apache.kafka.coordinator.common.runtime.CoordinatorRecord.record(
                    new GroupMetadataKey().setGroup("g"),
                    new ApiMessageAndVersion(
                            new GroupMetadataValue()
                                    .setProtocolType("consumer")
                                    .setGeneration(1)
                                    .setProtocol(null)
                                    .setLeader(null)
                                    .setCurrentStateTimestamp(version >= 2 ? 11 : -1)
                                    .setMembers(List.of(apacheMember(
                                            "m",
                                            version >= 3 ? "i" : null,
                                            version >= 1 ? 5 : -1,
                                            6,
                                            new byte[] {1},
                                            new byte[] {2}))),
                            version));

            assertThat(RecordSerde.read(
                            ByteBuffer.wrap(APACHE.serializeKey(apaches)),
                            ByteBuffer.wrap(APACHE.serializeValue(apaches))))
                    .as("version %d", version)
                    .contains(new GroupMetadata(
                            "g",
                            new ClassicGroupValue(
                                    "consumer",
                                    1,
                                    null,
                                    null,
                                    version >= 2 ? 11 : -1,
                                    List.of(new ClassicGroupValue.Member(
                                            "m",
                                            version >= 3 ? "i" : null,
                                            "c",
                                            "/127.0.0.1",
                                            version >= 1 ? 5 : 6,
                                            6,
                                            Bytes.copyOf(new byte[] {1}),
                                            Bytes.copyOf(new byte[] {2}))))));
        }
    }

    @Test
    void readsAssignmentsThatTellNoEpochs() {
        var apaches = org.apache.kafka.coordinator.common.runtime.CoordinatorRecord.record(
                new ConsumerGroupCurrentMemberAssignmentKey().setGroupId("g").setMemberId("m"),
                new ApiMessageAndVersion(
                        new ConsumerGroupCurrentMemberAssignmentValue()
                                .setMemberEpoch(4)
                                .setState((byte) 55)
                                .setAssignedPartitions(List.of(apacheTopic(TOPIC, List.of(3), null))),
                        (short) 0));

        assertThat(RecordSerde.read(
                        ByteBuffer.wrap(APACHE.serializeKey(apaches)), ByteBuffer.wrap(APACHE.serializeValue(apaches))))
                .contains(new ConsumerGroupCurrentMemberAssignment(
                        "g",
                        "m",
                        new CurrentAssignment(
                                4,
                                0,
                                MemberState.UNKNOWN,
                                new TreeMap<>(Map.of(new PartitionId(TOPIC, 3), 4)),
                                new TreeMap<>())));
    }

    @Test
    void theBarrierIsATombstoneThatApacheReads() {
        CoordinatorRecord barrier = CoordinatorRecord.barrier();

        assertThat(RecordSerde.value(barrier)).isNull();
        assertThat(APACHE.deserialize(ByteBuffer.wrap(RecordSerde.key(barrier)), null)
                        .key())
                .isEqualTo(new GroupMetadataKey().setGroup(""));
    }

    @Test
    void skipsTypesThatAreNotServed() {
        ByteBuffer shareGroup = ByteBuffer.wrap(new byte[] {0, 10, 0, 1, 'g'});

        assertThat(RecordSerde.read(shareGroup, null)).isEmpty();
    }

    @Test
    void refusesWhatDoesNotRead() {
        byte[] key = RecordSerde.key(new ConsumerGroupMetadata("g", null));

        assertThatThrownBy(() -> RecordSerde.read(ByteBuffer.wrap(key), ByteBuffer.wrap(new byte[] {0, 9, 0})))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining("version 9");
        assertThatThrownBy(() -> RecordSerde.read(ByteBuffer.wrap(key), ByteBuffer.wrap(new byte[] {0, 0, 0})))
                .isInstanceOf(UnreadableRecordException.class);
        assertThatThrownBy(() -> RecordSerde.read(ByteBuffer.wrap(new byte[] {0}), null))
                .isInstanceOf(UnreadableRecordException.class);
        assertThatThrownBy(() -> RecordSerde.read(ByteBuffer.wrap(new byte[] {0, 3, 0x70, 0, 1}), null))
                .isInstanceOf(UnreadableRecordException.class);
    }
}
