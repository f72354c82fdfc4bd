package io.naru.gateway.topic;

import io.naru.protocol.client.NodeAddress;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;

/**
 * A topic as a broker has just described it.
 *
 * @param name       its name
 * @param topicId    its id, or {@link Uuid#ZERO_UUID} from brokers that do not tell
 * @param internal   whether it belongs to the system
 * @param partitions in order of their index
 * @param nodes      addresses of the brokers, by node id
 */
public record TopicDescription(
        String name, Uuid topicId, boolean internal, List<Partition> partitions, Map<Integer, NodeAddress> nodes) {

    /**
     * One partition.
     *
     * @param index    from 0
     * @param leader   node id, or −1 when there is none
     * @param replicas node ids, the preferred leader first
     * @param isr      those of them that are in sync
     */
    public record Partition(int index, int leader, List<Integer> replicas, List<Integer> isr) {}

    /** Copies the collections. */
    public TopicDescription {
        partitions = List.copyOf(partitions);
        nodes = Map.copyOf(nodes);
    }

    static TopicDescription of(MetadataResponseTopic topic, MetadataResponseData answer) {
        return new TopicDescription(
                topic.name(),
                topic.topicId(),
                topic.isInternal(),
                topic.partitions().stream()
                        .sorted(java.util.Comparator.comparingInt(p -> p.partitionIndex()))
                        .map(p -> new Partition(p.partitionIndex(), p.leaderId(), p.replicaNodes(), p.isrNodes()))
                        .toList(),
                answer.brokers().stream()
                        .collect(java.util.stream.Collectors.toMap(
                                b -> b.nodeId(), b -> new NodeAddress(b.host(), b.port()))));
    }

    /** Replicas of a partition; the first one's stands for all. */
    public int replicationFactor() {
        return partitions.isEmpty() ? 0 : partitions.get(0).replicas().size();
    }

    /** Whether each partition has a leader. */
    boolean isLed() {
        return !partitions.isEmpty() && partitions.stream().allMatch(p -> p.leader() >= 0);
    }
}
