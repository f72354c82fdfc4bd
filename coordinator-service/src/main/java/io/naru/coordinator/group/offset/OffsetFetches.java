package io.naru.coordinator.group.offset;

import io.naru.coordinator.group.state.ConsumerGroup;
import io.naru.coordinator.group.state.ConsumerGroupMember;
import io.naru.coordinator.group.state.Group;
import io.naru.coordinator.group.state.GroupTable;
import io.naru.coordinator.group.state.TopicCatalog;
import io.naru.coordinator.record.CommittedOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * OffsetFetch for one group. An offset that was committed for an earlier topic of the same name does not count: whoever went on from it
 * would skip records of the new one.
 */
public final class OffsetFetches {

    private static final long NO_OFFSET = -1;

    private final GroupTable table;

    public OffsetFetches(GroupTable table) {
        this.table = table;
    }

    /**
     * The offsets asked for, or all of them.
     *
     * @param byId topics are named by id (version 10)
     */
    public OffsetFetchResponseGroup fetch(OffsetFetchRequestGroup request, boolean byId, TopicCatalog catalog) {
        checkMember(request);
        List<OffsetFetchRequestTopics> topics = request.topics();
        List<OffsetFetchResponseTopics> answer =
                topics == null ? all(request.groupId(), byId, catalog) : new ArrayList<>();
        if (topics != null) {
            for (OffsetFetchRequestTopics topic : topics) {
                answer.add(topic(request.groupId(), topic, byId, catalog));
            }
        }
        return new OffsetFetchResponseGroup().setGroupId(request.groupId()).setTopics(answer);
    }

    private void checkMember(OffsetFetchRequestGroup request) {
        if (request.memberId() == null && request.memberEpoch() < 0) {
            return;
        }
        Group group = table.find(request.groupId()).orElse(null);
        if (group == null) {
            throw Errors.GROUP_ID_NOT_FOUND.exception("there is no group " + request.groupId());
        }
        if (group instanceof ConsumerGroup consumerGroup) {
            if (request.memberId() == null || (request.memberId().isEmpty() && request.memberEpoch() < 0)) {
                return;
            }
            ConsumerGroupMember member = consumerGroup
                    .member(request.memberId())
                    .orElseThrow(() -> Errors.UNKNOWN_MEMBER_ID.exception(
                            "group " + request.groupId() + " has no member " + request.memberId()));
            if (member.epoch() != request.memberEpoch()) {
                throw Errors.STALE_MEMBER_EPOCH.exception(
                        "member epoch " + request.memberEpoch() + " is not " + member.epoch());
            }
        }
    }

    private OffsetFetchResponseTopics topic(
            String groupId, OffsetFetchRequestTopics asked, boolean byId, TopicCatalog catalog) {
        TopicCatalog.Topic topic = (byId ? catalog.find(asked.topicId()) : catalog.find(asked.name())).orElse(null);
        OffsetFetchResponseTopics answer =
                new OffsetFetchResponseTopics().setName(asked.name()).setTopicId(asked.topicId());
        for (int index : asked.partitionIndexes()) {
            OffsetFetchResponsePartitions partition;
            if (topic == null && byId) {
                partition = partition(index, null).setErrorCode(Errors.UNKNOWN_TOPIC_ID.code());
            } else {
                String name = topic == null ? asked.name() : topic.name();
                CommittedOffset committed = table.offsets().get(groupId, name, index);
                partition = partition(index, isOf(committed, topic) ? committed : null);
            }
            answer.partitions().add(partition);
        }
        return answer;
    }

    private List<OffsetFetchResponseTopics> all(String groupId, boolean byId, TopicCatalog catalog) {
        List<OffsetFetchResponseTopics> topics = new ArrayList<>();
        for (Map.Entry<String, SortedMap<Integer, CommittedOffset>> entry :
                table.offsets().of(groupId).entrySet()) {
            TopicCatalog.Topic topic = catalog.find(entry.getKey()).orElse(null);
            if (topic == null && byId) {
                continue;
            }
            OffsetFetchResponseTopics answer = new OffsetFetchResponseTopics()
                    .setName(entry.getKey())
                    .setTopicId(topic == null ? Uuid.ZERO_UUID : topic.id());
            entry.getValue().forEach((index, committed) -> {
                if (isOf(committed, topic)) {
                    answer.partitions().add(partition(index, committed));
                }
            });
            if (!answer.partitions().isEmpty()) {
                topics.add(answer);
            }
        }
        return topics;
    }

    private static boolean isOf(@Nullable CommittedOffset committed, TopicCatalog.@Nullable Topic topic) {
        return committed == null
                || topic == null
                || committed.topicId().equals(Uuid.ZERO_UUID)
                || committed.topicId().equals(topic.id());
    }

    private static OffsetFetchResponsePartitions partition(int index, @Nullable CommittedOffset committed) {
        OffsetFetchResponsePartitions answer = new OffsetFetchResponsePartitions().setPartitionIndex(index);
        return committed == null
                ? answer.setCommittedOffset(NO_OFFSET)
                        .setCommittedLeaderEpoch(CommittedOffset.NO_LEADER_EPOCH)
                        .setMetadata("")
                : answer.setCommittedOffset(committed.offset())
                        .setCommittedLeaderEpoch(committed.leaderEpoch())
                        .setMetadata(committed.metadata());
    }
}
