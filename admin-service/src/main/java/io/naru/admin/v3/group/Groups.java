package io.naru.admin.v3.group;

import io.naru.admin.v3.Location;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/** Where groups and what belongs to them are. */
final class Groups {

    private Groups() {}

    static Location group(Location cluster, String groupId) {
        return cluster.collection("consumer-groups").child("consumer-group", groupId);
    }

    static Location consumer(Location cluster, String groupId, String consumerId) {
        return group(cluster, groupId).collection("consumers").child("consumer", consumerId);
    }

    static Location lag(Location cluster, String groupId, TopicPartition partition) {
        return partition(group(cluster, groupId).collection("lags"), "lag", partition);
    }

    static Location partition(Location cluster, TopicPartition partition) {
        return partition(cluster.collection("topics"), "topic", partition);
    }

    /** Offsets as the change history tells them. */
    static Map<String, String> told(Map<TopicPartition, Long> offsets) {
        Map<String, String> told = new TreeMap<>();
        offsets.forEach((partition, offset) -> told.put(partition.toString(), offset.toString()));
        return told;
    }

    /** A partition in a collection that is ordered by topics. */
    static Location partition(Location collection, String kind, TopicPartition partition) {
        return collection
                .child(kind, partition.topic())
                .collection("partitions")
                .child("partition", partition.partition());
    }
}
