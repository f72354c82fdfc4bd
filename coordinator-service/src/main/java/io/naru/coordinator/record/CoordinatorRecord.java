package io.naru.coordinator.record;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * One change of a shard's state. A null value is a tombstone: what the key names is gone. Keys are what compaction goes by, so for each
 * key the last record stands alone: it does not build upon earlier ones of its key.
 */
public sealed interface CoordinatorRecord {

    /** The group it belongs to; empty for {@link #barrier()}. */
    String groupId();

    /** What the key now stands for, or null for a tombstone. */
    @Nullable
    Object value();

    /**
     * A record that changes nothing. A new owner writes one before it loads, which makes the broker refuse its predecessor from there
     * on; an owner that is not sure whether it still is one writes it before it answers.
     */
    static CoordinatorRecord barrier() {
        return new GroupMetadata("", null);
    }

    /** Type 1: an offset is committed, or expired or deleted. */
    record OffsetCommit(
            String groupId,
            String topic,
            int partition,
            @Nullable CommittedOffset value) implements CoordinatorRecord {}

    /** Type 2: a classic group has reached a generation, or is deleted. */
    record GroupMetadata(String groupId, @Nullable ClassicGroupValue value) implements CoordinatorRecord {}

    /** Type 3: a consumer group is at an epoch, or is deleted. */
    record ConsumerGroupMetadata(String groupId, @Nullable Epoch value) implements CoordinatorRecord {

        /**
         * A group's epoch.
         *
         * @param epoch        grows whenever the assignment must be made anew
         * @param metadataHash stands for the topics as they were when it was set: another hash, another epoch
         */
        public record Epoch(int epoch, long metadataHash) {}
    }

    /** Type 4: topics as a group has seen them. Written by Kafka before 4.1 only; read so that it can be skipped and removed. */
    record ConsumerGroupPartitionMetadata(
            String groupId, @Nullable List<Topic> value) implements CoordinatorRecord {

        /** A topic as a group has seen it. */
        public record Topic(Uuid topicId, String name, int partitions) {}
    }

    /** Type 5: a member's subscription, or that it has left. */
    record ConsumerGroupMemberMetadata(
            String groupId, String memberId, @Nullable MemberSubscription value) implements CoordinatorRecord {}

    /** Type 6: the target assignment is complete at an epoch. */
    record ConsumerGroupTargetAssignmentMetadata(
            String groupId, @Nullable Target value) implements CoordinatorRecord {

        /**
         * Which epoch the target assignment is for.
         *
         * @param assignmentEpoch group epoch that it was made for
         * @param timestampMs     when
         */
        public record Target(int assignmentEpoch, long timestampMs) {}
    }

    /** Type 7: one member's target assignment. */
    record ConsumerGroupTargetAssignmentMember(
            String groupId, String memberId, @Nullable SortedSet<PartitionId> value) implements CoordinatorRecord {

        /** Copies the partitions. */
        public ConsumerGroupTargetAssignmentMember {
            if (value != null) {
                value = Collections.unmodifiableSortedSet(new TreeSet<>(value));
            }
        }
    }

    /** Type 8: what a member owns. */
    record ConsumerGroupCurrentMemberAssignment(
            String groupId, String memberId, @Nullable CurrentAssignment value) implements CoordinatorRecord {}

    /** Type 16: what a regular expression stood for. */
    record ConsumerGroupRegularExpression(
            String groupId, String regex, @Nullable Resolved value) implements CoordinatorRecord {

        /**
         * The topics that matched.
         *
         * @param topics      names
         * @param version     cluster image they were looked up in
         * @param timestampMs when
         */
        public record Resolved(SortedSet<String> topics, long version, long timestampMs) {

            /** Copies the names. */
            public Resolved {
                topics = Collections.unmodifiableSortedSet(new TreeSet<>(topics));
            }
        }
    }
}
