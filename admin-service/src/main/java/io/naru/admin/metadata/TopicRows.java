package io.naru.admin.metadata;

import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Puts topics together from their rows. */
final class TopicRows {

    private TopicRows() {}

    /**
     * Topics by name.
     *
     * @param partitions in order of their index within each topic
     */
    static SortedMap<String, TopicImage> assemble(
            List<TopicRow> topics, List<TopicConfigRow> configs, List<PartitionRow> partitions) {
        Map<String, Map<String, String>> configsByTopic = new HashMap<>();
        for (TopicConfigRow row : configs) {
            configsByTopic
                    .computeIfAbsent(row.key.topic(), t -> new HashMap<>())
                    .put(row.key.name(), row.configValue);
        }
        Map<String, List<PartitionImage>> partitionsByTopic = new HashMap<>();
        for (PartitionRow row : partitions) {
            partitionsByTopic
                    .computeIfAbsent(row.key.topic(), t -> new ArrayList<>())
                    .add(row.image());
        }
        SortedMap<String, TopicImage> assembled = new TreeMap<>();
        for (TopicRow row : topics) {
            String name = row.key.name();
            assembled.put(
                    name,
                    new TopicImage(
                            name,
                            row.topicId,
                            configsByTopic.getOrDefault(name, Map.of()),
                            partitionsByTopic.getOrDefault(name, List.of())));
        }
        return assembled;
    }
}
