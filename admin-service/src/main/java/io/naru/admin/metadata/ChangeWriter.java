package io.naru.admin.metadata;

import io.naru.admin.controller.Change;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.ShardImage;
import io.naru.cluster.TopicImage;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes one decision's changes to the rows of a cluster, within the caller's transaction. Statements go in batches: a broker that
 * dies may take ten thousand leaderships with it.
 */
final class ChangeWriter {

    /** Topics named in one statement. */
    private static final int TOPICS_PER_STATEMENT = 500;

    private final String path;
    private final MetadataRows rows;
    private final EntityManager entities;

    private final Map<String, TopicImage> created = new TreeMap<>();
    private final Map<String, Map<String, String>> configured = new TreeMap<>();
    private final Map<String, List<PartitionImage>> changedPartitions = new HashMap<>();
    private final List<String> deleted = new ArrayList<>();
    private final Map<Integer, ShardImage> shards = new TreeMap<>();

    ChangeWriter(String path, MetadataRows rows, EntityManager entities) {
        this.path = path;
        this.rows = rows;
        this.entities = entities;
    }

    void write(List<Change> changes) {
        changes.forEach(this::take);
        for (int from = 0; from < deleted.size(); from += TOPICS_PER_STATEMENT) {
            delete(deleted.subList(from, Math.min(deleted.size(), from + TOPICS_PER_STATEMENT)));
        }
        created.values().forEach(this::insert);
        configure();
        updatePartitions();
        writeShards();
    }

    private void take(Change change) {
        if (change instanceof Change.BrokerRegistered registered) {
            entities.merge(new BrokerRow(path, registered.broker(), registered.process()));
            entities.flush();
        } else if (change instanceof Change.BrokerFenced fenced) {
            rows.fence(path, fenced.brokerId(), fenced.fenced());
        } else if (change instanceof Change.BrokerUnregistered unregistered) {
            rows.deleteBroker(path, unregistered.brokerId());
        } else if (change instanceof Change.CoordinatorRegistered registered) {
            entities.merge(new CoordinatorRow(path, registered.coordinator(), registered.incarnationId()));
            entities.flush();
        } else if (change instanceof Change.CoordinatorAlive alive) {
            rows.alive(path, alive.coordinatorId(), alive.alive());
        } else if (change instanceof Change.TopicCreated topic) {
            created.put(topic.topic().name(), topic.topic());
        } else if (change instanceof Change.TopicDeleted topic) {
            deleted.add(topic.name());
        } else if (change instanceof Change.TopicConfigured topic) {
            configured.put(topic.topic(), topic.configs());
        } else if (change instanceof Change.PartitionAdded added) {
            entities.persist(new PartitionRow(path, added.topic(), added.partition()));
        } else if (change instanceof Change.PartitionChanged partition) {
            changedPartitions
                    .computeIfAbsent(partition.topic(), t -> new ArrayList<>())
                    .add(partition.partition());
        } else if (change instanceof Change.ShardAssigned shard) {
            shards.put(shard.shard().shard(), shard.shard());
        }
        // ProducerIdsTaken stands in the cluster's own row, which the lease check has written.
    }

    private void delete(List<String> topics) {
        rows.deleteConfigs(path, topics);
        rows.deletePartitions(path, topics);
        rows.deleteTopics(path, topics);
    }

    private void insert(TopicImage topic) {
        entities.persist(new TopicRow(path, topic.name(), topic.topicId()));
        insertConfigs(topic.name(), topic.configs());
        topic.partitions().forEach(partition -> entities.persist(new PartitionRow(path, topic.name(), partition)));
    }

    private void insertConfigs(String topic, Map<String, String> configs) {
        configs.forEach((name, value) -> entities.persist(new TopicConfigRow(path, topic, name, value)));
    }

    private void configure() {
        if (!configured.isEmpty()) {
            rows.deleteConfigs(path, configured.keySet());
            configured.forEach(this::insertConfigs);
        }
    }

    private void updatePartitions() {
        List<String> topics = new ArrayList<>(changedPartitions.keySet());
        for (int from = 0; from < topics.size(); from += TOPICS_PER_STATEMENT) {
            List<String> some = topics.subList(from, Math.min(topics.size(), from + TOPICS_PER_STATEMENT));
            // One read for all of them; the finds below then stay in memory, and the flush writes in batches.
            rows.partitions(path, some);
            some.forEach(topic -> changedPartitions
                    .getOrDefault(topic, List.of())
                    .forEach(partition -> row(topic, partition).set(partition)));
        }
    }

    private PartitionRow row(String topic, PartitionImage partition) {
        PartitionRow row = entities.find(PartitionRow.class, new PartitionKey(path, topic, partition.partition()));
        if (row == null) {
            throw new IllegalStateException("no row for partition " + topic + "-" + partition.partition());
        }
        return row;
    }

    private void writeShards() {
        if (shards.isEmpty()) {
            return;
        }
        for (ShardRow row : rows.shards(path)) {
            ShardImage shard = shards.remove(row.key.shard());
            if (shard != null) {
                row.set(shard);
            }
        }
        shards.values().forEach(shard -> entities.persist(new ShardRow(path, shard)));
    }
}
