package io.naru.coordinator.group.migration;

import io.naru.coordinator.group.state.TopicCatalog;
import io.naru.coordinator.record.Bytes;
import io.naru.coordinator.record.PartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.message.ConsumerProtocolAssignment;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.protocol.MessageUtil;

/** Between partitions by topic id and what classic consumers say of them by name. */
final class ConsumerProtocolWords {

    private ConsumerProtocolWords() {}

    static Bytes assignment(Collection<PartitionId> partitions, TopicCatalog catalog, short version) {
        SortedMap<String, ConsumerProtocolAssignment.TopicPartition> topics = new TreeMap<>();
        for (PartitionId partition : partitions) {
            catalog.find(partition.topicId())
                    .ifPresent(topic -> topics.computeIfAbsent(
                                    topic.name(),
                                    name -> new ConsumerProtocolAssignment.TopicPartition().setTopic(name))
                            .partitions()
                            .add(partition.partition()));
        }
        ConsumerProtocolAssignment assignment = new ConsumerProtocolAssignment();
        assignment.assignedPartitions().addAll(new ArrayList<>(topics.values()));
        return Bytes.copyOf(MessageUtil.toVersionPrefixedBytes(version, assignment));
    }

    static SortedSet<PartitionId> partitions(ConsumerProtocolAssignment assignment, TopicCatalog catalog) {
        SortedSet<PartitionId> partitions = new TreeSet<>();
        for (var topic : assignment.assignedPartitions()) {
            catalog.find(topic.topic())
                    .ifPresent(known -> topic.partitions().forEach(index -> add(partitions, known, index)));
        }
        return partitions;
    }

    /** What the subscription says is owned; before version 1 it says nothing, and its sender has given everything up. */
    static SortedSet<PartitionId> owned(ConsumerProtocolSubscription subscription, TopicCatalog catalog) {
        SortedSet<PartitionId> partitions = new TreeSet<>();
        for (var topic : subscription.ownedPartitions()) {
            catalog.find(topic.topic())
                    .ifPresent(known -> topic.partitions().forEach(index -> add(partitions, known, index)));
        }
        return partitions;
    }

    private static void add(SortedSet<PartitionId> partitions, TopicCatalog.Topic topic, int index) {
        if (index >= 0 && index < topic.partitions()) {
            partitions.add(new PartitionId(topic.id(), index));
        }
    }
}
