package io.naru.coordinator.group.deletion;

import io.naru.coordinator.group.state.Changes;
import io.naru.coordinator.group.state.ClassicGroup;
import io.naru.coordinator.group.state.ConsumerGroup;
import io.naru.coordinator.group.state.Group;
import io.naru.coordinator.group.state.GroupTable;
import io.naru.coordinator.group.state.Outcome;
import io.naru.coordinator.group.state.TopicCatalog;
import io.naru.coordinator.record.CommittedOffset;
import io.naru.coordinator.record.CoordinatorRecord.OffsetCommit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Predicate;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponsePartition;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponseTopic;
import org.apache.kafka.common.protocol.Errors;

/** Takes committed offsets away: because someone asks, because the topic is gone, because the group is. */
public final class OffsetDeletions {

    private final GroupTable table;

    public OffsetDeletions(GroupTable table) {
        this.table = table;
    }

    /** OffsetDelete: only for topics that no member of the group reads. */
    public Outcome<OffsetDeleteResponseData> delete(OffsetDeleteRequestData request) {
        String groupId = request.groupId();
        Optional<Group> group = table.find(groupId);
        if (group.isEmpty() && !table.offsets().has(groupId)) {
            throw Errors.GROUP_ID_NOT_FOUND.exception("there is no group " + groupId);
        }
        if (group.filter(OffsetDeletions::isUsedByOthers).isPresent()) {
            throw Errors.NON_EMPTY_GROUP.exception(
                    "group " + groupId + " has members that are no consumers: what they read is not known here");
        }
        Predicate<String> reads = group.map(OffsetDeletions::reads).orElse(topic -> false);
        Changes changes = new Changes(table);
        OffsetDeleteResponseData response = new OffsetDeleteResponseData();
        for (OffsetDeleteRequestTopic topic : request.topics()) {
            boolean read = reads.test(topic.name());
            OffsetDeleteResponseTopic answer = new OffsetDeleteResponseTopic().setName(topic.name());
            for (OffsetDeleteRequestPartition partition : topic.partitions()) {
                int index = partition.partitionIndex();
                if (!read && table.offsets().get(groupId, topic.name(), index) != null) {
                    changes.emit(new OffsetCommit(groupId, topic.name(), index, null));
                }
                answer.partitions()
                        .add(new OffsetDeleteResponsePartition()
                                .setPartitionIndex(index)
                                .setErrorCode((read ? Errors.GROUP_SUBSCRIBED_TO_TOPIC : Errors.NONE).code()));
            }
            response.topics().add(answer);
        }
        return changes.outcome(response);
    }

    private static boolean isUsedByOthers(Group group) {
        return group instanceof ClassicGroup classic
                && !classic.isEmpty()
                && !classic.protocolType().equals(ClassicGroup.CONSUMER);
    }

    /** Which topics its members read, as far as is known. */
    private static Predicate<String> reads(Group group) {
        if (group instanceof ConsumerGroup consumerGroup) {
            return consumerGroup::subscribesTo;
        }
        if (group.isEmpty() || !(group instanceof ClassicGroup classic)) {
            return topic -> false;
        }
        // A consumer whose subscription cannot be read may read anything.
        return classic.subscribedTopics()
                .<Predicate<String>>map(topics -> topics::contains)
                .orElse(topic -> true);
    }

    /** All offsets of a group. */
    void deleteAll(String groupId, Changes changes) {
        List<OffsetCommit> gone = new ArrayList<>();
        table.offsets()
                .of(groupId)
                .forEach((topic, partitions) -> partitions
                        .keySet()
                        .forEach(partition -> gone.add(new OffsetCommit(groupId, topic, partition, null))));
        gone.forEach(changes::emit);
    }

    /** Offsets of topics that {@code before} has and {@code after} has not, all groups'. */
    public void deleteTopics(TopicCatalog before, TopicCatalog after, Changes changes) {
        List<OffsetCommit> gone = new ArrayList<>();
        for (TopicCatalog.Topic topic : before.topics()) {
            if (after.find(topic.id()).isEmpty()) {
                for (String groupId : table.offsets().groupIds()) {
                    SortedMap<Integer, CommittedOffset> partitions =
                            table.offsets().of(groupId).get(topic.name());
                    if (partitions != null) {
                        collect(groupId, topic, partitions, gone);
                    }
                }
            }
        }
        gone.forEach(changes::emit);
    }

    private static void collect(
            String groupId,
            TopicCatalog.Topic topic,
            SortedMap<Integer, CommittedOffset> partitions,
            List<OffsetCommit> gone) {
        for (Map.Entry<Integer, CommittedOffset> partition : partitions.entrySet()) {
            Uuid topicId = partition.getValue().topicId();
            if (topicId.equals(Uuid.ZERO_UUID) || topicId.equals(topic.id())) {
                gone.add(new OffsetCommit(groupId, topic.name(), partition.getKey(), null));
            }
        }
    }
}
