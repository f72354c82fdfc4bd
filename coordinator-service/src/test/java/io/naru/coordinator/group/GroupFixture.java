package io.naru.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.coordinator.assignor.Assignors;
import io.naru.coordinator.group.state.Client;
import io.naru.coordinator.group.state.ConsumerGroup;
import io.naru.coordinator.group.state.GroupSettings;
import io.naru.coordinator.group.state.Outcome;
import io.naru.coordinator.group.state.TopicCatalog;
import io.naru.coordinator.record.CoordinatorRecord;
import io.naru.coordinator.record.PartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.protocol.Errors;

/** A shard under test with its log, its clock and its topics. Each step checks that replaying the log gives the same state. */
final class GroupFixture {

    static final String GROUP = "g";
    static final short V1 = 1;

    final List<CoordinatorRecord> log = new ArrayList<>();
    final SortedMap<String, TopicCatalog.Topic> topics = new TreeMap<>();
    GroupShard shard = newShard();
    long nowMs = 1_000_000;
    private int generated;
    private long version;
    private long nextTopicId = 1;

    static GroupFixture withTopic(String name, int partitions) {
        return new GroupFixture().topic(name, partitions);
    }

    private GroupShard newShard() {
        return new GroupShard(GroupSettings.defaults(), Assignors.standard(), () -> "generated-" + ++generated);
    }

    GroupFixture topic(String name, int partitions) {
        Uuid id = topics.containsKey(name) ? topics.get(name).id() : new Uuid(7, nextTopicId++);
        topics.put(name, new TopicCatalog.Topic(name, id, partitions, name.startsWith("__")));
        return publish();
    }

    GroupFixture deleteTopic(String name) {
        topics.remove(name);
        return publish();
    }

    private GroupFixture publish() {
        take(shard.topics(TopicCatalog.of(++version, topics.values())));
        return this;
    }

    GroupFixture tick(long ms) {
        nowMs += ms;
        take(shard.expire(nowMs));
        return this;
    }

    /** Loads a new shard from the log. */
    GroupFixture restart() {
        shard = newShard();
        log.forEach(shard::replay);
        shard.topics(TopicCatalog.of(version, topics.values()));
        shard.loaded(nowMs);
        return this;
    }

    <R> R take(Outcome<R> outcome) {
        log.addAll(outcome.records());
        GroupShard other = newShard();
        log.forEach(other::replay);
        assertThat(other.snapshot()).as("state after replay").isEqualTo(shard.snapshot());
        outcome.deliveries().forEach(Reply::take);
        return outcome.response();
    }

    ConsumerGroupHeartbeatResponseData send(ConsumerGroupHeartbeatRequestData request) {
        return send(request, V1);
    }

    ConsumerGroupHeartbeatResponseData send(ConsumerGroupHeartbeatRequestData request, short apiVersion) {
        return take(shard.heartbeat(request, apiVersion, new Client("client", "/127.0.0.1"), nowMs));
    }

    static ConsumerGroupHeartbeatRequestData join(String memberId, String... topicNames) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setMemberEpoch(0)
                .setRebalanceTimeoutMs(60_000)
                .setSubscribedTopicNames(List.of(topicNames))
                .setTopicPartitions(List.of());
    }

    static ConsumerGroupHeartbeatRequestData beat(String memberId, int epoch) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setMemberEpoch(epoch);
    }

    ConsumerGroupHeartbeatRequestData beatOwning(String memberId, int epoch, Collection<PartitionId> owned) {
        return beat(memberId, epoch).setTopicPartitions(toRequest(owned));
    }

    static List<ConsumerGroupHeartbeatRequestData.TopicPartitions> toRequest(Collection<PartitionId> owned) {
        Map<Uuid, List<Integer>> byTopic = owned.stream()
                .collect(Collectors.groupingBy(
                        PartitionId::topicId, Collectors.mapping(PartitionId::partition, Collectors.toList())));
        List<ConsumerGroupHeartbeatRequestData.TopicPartitions> list = new ArrayList<>();
        byTopic.forEach((topic, partitions) -> list.add(new ConsumerGroupHeartbeatRequestData.TopicPartitions()
                .setTopicId(topic)
                .setPartitions(partitions)));
        return list;
    }

    static SortedSet<PartitionId> assignment(ConsumerGroupHeartbeatResponseData response) {
        TreeSet<PartitionId> partitions = new TreeSet<>();
        response.assignment()
                .topicPartitions()
                .forEach(topic -> topic.partitions()
                        .forEach(partition -> partitions.add(new PartitionId(topic.topicId(), partition))));
        return partitions;
    }

    List<PartitionId> partitions(String topic, int... indexes) {
        Uuid id = topics.get(topic).id();
        return IntStream.of(indexes).mapToObj(i -> new PartitionId(id, i)).toList();
    }

    ConsumerGroup group() {
        return shard.consumerGroup(GROUP).orElseThrow();
    }

    /** Commits one offset by name; the partition's error. */
    Errors commit(String memberId, int epoch, String topic, int partition, long offset) {
        OffsetCommitRequestData request = commitRequest(memberId, epoch, topic, partition, offset);
        return Errors.forCode(take(shard.commit(request, (short) 9, nowMs))
                .topics()
                .get(0)
                .partitions()
                .get(0)
                .errorCode());
    }

    static OffsetCommitRequestData commitRequest(String memberId, int epoch, String topic, int partition, long offset) {
        return new OffsetCommitRequestData()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setGenerationIdOrMemberEpoch(epoch)
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setName(topic)
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setPartitionIndex(partition)
                                .setCommittedOffset(offset)
                                .setCommittedMetadata("")))));
    }

    /** The committed offset; −1 for none. */
    long committed(String topic, int partition) {
        return shard.fetch(
                        new OffsetFetchRequestGroup()
                                .setGroupId(GROUP)
                                .setMemberId(null)
                                .setMemberEpoch(-1)
                                .setTopics(List.of(new OffsetFetchRequestTopics()
                                        .setName(topic)
                                        .setPartitionIndexes(List.of(partition)))),
                        false)
                .topics()
                .get(0)
                .partitions()
                .get(0)
                .committedOffset();
    }
}
