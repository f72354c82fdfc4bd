package io.naru.coordinator.group.offset;

import io.naru.coordinator.group.classic.ClassicGroups;
import io.naru.coordinator.group.classic.ClassicHeartbeats;
import io.naru.coordinator.group.migration.MixedGroups;
import io.naru.coordinator.group.state.Changes;
import io.naru.coordinator.group.state.ClassicGroup;
import io.naru.coordinator.group.state.ClassicMember;
import io.naru.coordinator.group.state.ClassicPhase;
import io.naru.coordinator.group.state.ConsumerGroup;
import io.naru.coordinator.group.state.ConsumerGroupMember;
import io.naru.coordinator.group.state.Group;
import io.naru.coordinator.group.state.GroupIds;
import io.naru.coordinator.group.state.GroupSettings;
import io.naru.coordinator.group.state.GroupTable;
import io.naru.coordinator.group.state.Outcome;
import io.naru.coordinator.group.state.TopicCatalog;
import io.naru.coordinator.record.CommittedOffset;
import io.naru.coordinator.record.CoordinatorRecord.OffsetCommit;
import io.naru.coordinator.record.PartitionId;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.Errors;

/**
 * OffsetCommit. The sender is checked once, as a member of its group; each partition on its own, so that one that is refused leaves its
 * neighbours alone.
 */
public final class OffsetCommits {

    /** From here on a generation id may be a member epoch, and 69 and 113 are understood. */
    private static final short KNOWS_MEMBER_EPOCHS = 9;

    private static final short USES_TOPIC_IDS = 10;
    private static final int NO_GENERATION = -1;
    private static final long NO_RETENTION = -1;

    private final GroupTable table;
    private final GroupSettings settings;
    private final ClassicGroups classics;
    private final MixedGroups mixed;

    public OffsetCommits(GroupTable table, GroupSettings settings, ClassicGroups classics, MixedGroups mixed) {
        this.table = table;
        this.settings = settings;
        this.classics = classics;
        this.mixed = mixed;
    }

    public Outcome<OffsetCommitResponseData> commit(
            OffsetCommitRequestData request, short version, TopicCatalog catalog, long nowMs) {
        Sender sender = sender(request, version, nowMs);
        Changes changes = new Changes(table);
        OffsetCommitResponseData response = new OffsetCommitResponseData();
        for (OffsetCommitRequestTopic asked : request.topics()) {
            Optional<TopicCatalog.Topic> topic =
                    version >= USES_TOPIC_IDS ? catalog.find(asked.topicId()) : catalog.find(asked.name());
            OffsetCommitResponseTopic answer =
                    new OffsetCommitResponseTopic().setName(asked.name()).setTopicId(asked.topicId());
            for (OffsetCommitRequestPartition partition : asked.partitions()) {
                Errors error = check(topic, partition, sender, version);
                if (error == Errors.NONE) {
                    changes.emit(record(request, topic.orElseThrow(), partition, nowMs));
                }
                answer.partitions()
                        .add(new OffsetCommitResponsePartition()
                                .setPartitionIndex(partition.partitionIndex())
                                .setErrorCode(error.code()));
            }
            response.topics().add(answer);
        }
        return changes.outcome(response);
    }

    /** Who commits. */
    private interface Sender {

        /** In a group without members, anyone. */
        Sender ANYONE = partition -> true;

        boolean mayCommit(PartitionId partition);
    }

    /**
     * A member that has reached the target's epoch may commit for any partition that is not another's. One that lags behind, or sends
     * an epoch it has left behind, may for those that have been its own ever since (KIP-1251). Kafka asks for less and lets a commit
     * that was long on its way take the next owner's back.
     */
    private record Member(ConsumerGroup group, ConsumerGroupMember member, int epoch) implements Sender {

        @Override
        public boolean mayCommit(PartitionId partition) {
            if (epoch == group.targetEpoch()) {
                String owner = group.owner(partition);
                return owner == null || owner.equals(member.memberId());
            }
            Integer since = member.current().assigned().get(partition);
            if (since == null) {
                since = member.current().pendingRevocation().get(partition);
            }
            return since != null && since <= epoch;
        }
    }

    private Sender sender(OffsetCommitRequestData request, short version, long nowMs) {
        if (request.groupId().isEmpty() || request.groupId().length() > GroupIds.LENGTH_MAX) {
            throw Errors.INVALID_GROUP_ID.exception("a group id has 1 to " + GroupIds.LENGTH_MAX + " characters");
        }
        Group group = table.find(request.groupId()).orElse(null);
        int epoch = request.generationIdOrMemberEpoch();
        if (group == null) {
            if (epoch <= NO_GENERATION) {
                return Sender.ANYONE;
            }
            Errors error = version >= KNOWS_MEMBER_EPOCHS ? Errors.GROUP_ID_NOT_FOUND : Errors.ILLEGAL_GENERATION;
            throw error.exception("there is no group " + request.groupId());
        }
        if (epoch <= NO_GENERATION && group.isEmpty()) {
            return Sender.ANYONE;
        }
        return group instanceof ConsumerGroup consumerGroup
                ? member(consumerGroup, request, version, nowMs)
                : classicMember((ClassicGroup) group, request, nowMs);
    }

    /** A member of the present generation may commit for any partition: only the members know who has which. */
    private Sender classicMember(ClassicGroup group, OffsetCommitRequestData request, long nowMs) {
        ClassicMember member = group.identify(request.memberId(), request.groupInstanceId());
        ClassicHeartbeats.checkGeneration(group, request.generationIdOrMemberEpoch());
        if (group.phase() instanceof ClassicPhase.Completing) {
            // What the member had is being given to others, and it must not speak for what it will have.
            throw Errors.REBALANCE_IN_PROGRESS.exception("group " + group.groupId() + " is being rebalanced");
        }
        classics.sawCommit(group, member, nowMs);
        return Sender.ANYONE;
    }

    private Sender member(ConsumerGroup group, OffsetCommitRequestData request, short version, long nowMs) {
        ConsumerGroupMember member = group.member(request.memberId())
                .orElseThrow(() -> Errors.UNKNOWN_MEMBER_ID.exception("group " + group.groupId() + " has no member "
                        + request.memberId() + ", and while it has members only they commit"));
        String instanceId = request.groupInstanceId();
        if (instanceId != null
                && group.staticMember(instanceId).filter(m -> !m.equals(member)).isPresent()) {
            throw Errors.FENCED_INSTANCE_ID.exception("instance " + instanceId + " is another member now");
        }
        if (member.subscription().classic() != null) {
            return mixedMember(group, member, request.generationIdOrMemberEpoch(), nowMs);
        }
        if (version < KNOWS_MEMBER_EPOCHS) {
            throw Errors.UNSUPPORTED_VERSION.exception(
                    "members of consumer groups commit with version " + KNOWS_MEMBER_EPOCHS + " or later");
        }
        int epoch = request.generationIdOrMemberEpoch();
        if (epoch > member.epoch() || epoch < 0) {
            throw Errors.STALE_MEMBER_EPOCH.exception("member epoch " + epoch + " is not " + member.epoch());
        }
        return new Member(group, member, epoch);
    }

    /** A classic member of a consumer group: its generation is its epoch. */
    private Sender mixedMember(ConsumerGroup group, ConsumerGroupMember member, int generation, long nowMs) {
        if (generation != member.epoch()) {
            throw Errors.ILLEGAL_GENERATION.exception(
                    "member " + member.memberId() + " is at generation " + member.epoch() + ", not " + generation);
        }
        mixed.sawCommit(group, member, nowMs);
        return new Member(group, member, generation);
    }

    private Errors check(
            Optional<TopicCatalog.Topic> topic, OffsetCommitRequestPartition partition, Sender sender, short version) {
        int index = partition.partitionIndex();
        if (topic.isEmpty()) {
            return version >= USES_TOPIC_IDS ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
        }
        if (index < 0 || index >= topic.get().partitions()) {
            return Errors.UNKNOWN_TOPIC_OR_PARTITION;
        }
        if (partition.committedOffset() < 0) {
            return Errors.INVALID_REQUEST;
        }
        String metadata = partition.committedMetadata();
        if (metadata != null && metadata.length() > settings.offsetMetadataBytesMax()) {
            return Errors.OFFSET_METADATA_TOO_LARGE;
        }
        return sender.mayCommit(new PartitionId(topic.get().id(), index)) ? Errors.NONE : Errors.STALE_MEMBER_EPOCH;
    }

    private static OffsetCommit record(
            OffsetCommitRequestData request,
            TopicCatalog.Topic topic,
            OffsetCommitRequestPartition partition,
            long nowMs) {
        String metadata = partition.committedMetadata();
        long retentionMs = request.retentionTimeMs();
        return new OffsetCommit(
                request.groupId(),
                topic.name(),
                partition.partitionIndex(),
                new CommittedOffset(
                        partition.committedOffset(),
                        partition.committedLeaderEpoch(),
                        metadata == null ? "" : metadata,
                        nowMs,
                        retentionMs == NO_RETENTION ? CommittedOffset.NO_EXPIRY : nowMs + retentionMs,
                        retentionMs == NO_RETENTION ? topic.id() : Uuid.ZERO_UUID));
    }
}
