package io.naru.admin.metadata;

import io.naru.admin.controller.Change;
import io.naru.admin.controller.Note;
import io.naru.cluster.ShardImage;
import io.naru.cluster.TopicImage;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes one decision's changes to the rows of a cluster, within the caller's transaction. Statements go in batches.
 */
final class ChangeWriter {

    /** Topics named in one statement. */
    private static final int TOPICS_PER_STATEMENT = 500;

    private final String path;
    private final MetadataRows rows;
    private final EntityManager entities;

    private final Map<String, TopicImage> created = new TreeMap<>();
    private final Map<String, Map<String, String>> configured = new TreeMap<>();
    private final Map<Integer, Map<String, String>> brokersConfigured = new TreeMap<>();
    private final List<Note> notes = new ArrayList<>();
    private final PartitionUpdates updates;
    private final List<String> deleted = new ArrayList<>();
    private final Map<Integer, ShardImage> shards = new TreeMap<>();

    ChangeWriter(String path, MetadataRows rows, EntityManager entities) {
        this.path = path;
        this.rows = rows;
        this.entities = entities;
        this.updates = new PartitionUpdates(path);
    }

    void write(List<Change> changes) {
        changes.forEach(this::take);
        for (int from = 0; from < deleted.size(); from += TOPICS_PER_STATEMENT) {
            delete(deleted.subList(from, Math.min(deleted.size(), from + TOPICS_PER_STATEMENT)));
        }
        created.values().forEach(this::insert);
        configure();
        brokersConfigured.forEach(this::configureBroker);
        updates.write(entities);
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
            rows.deleteBrokerConfigs(path, unregistered.brokerId());
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
        } else if (change instanceof Change.BrokerConfigured broker) {
            brokersConfigured.put(broker.brokerId(), broker.configs());
        } else if (change instanceof Change.ClusterConfigured cluster) {
            brokersConfigured.put(BrokerConfigRow.ALL_BROKERS, cluster.configs());
        } else if (change instanceof Change.Noted noted) {
            notes.add(noted.note());
        } else if (change instanceof Change.PartitionAdded added) {
            entities.persist(new PartitionRow(path, added.topic(), added.partition()));
        } else if (change instanceof Change.PartitionChanged partition) {
            updates.add(partition.topic(), partition.partition());
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

    private void configureBroker(int brokerId, Map<String, String> configs) {
        rows.deleteBrokerConfigs(path, brokerId);
        configs.forEach((name, value) -> entities.persist(new BrokerConfigRow(path, brokerId, name, value)));
    }

    /**
     * Writes what {@link #write} found in the changes for the history.
     *
     * @param version version of the image that first shows them
     * @param keep    how long entries are kept
     */
    void writeHistory(long version, Duration keep) {
        if (notes.isEmpty()) {
            return;
        }
        Instant now = rows.now();
        rows.forgetChanges(path, now.minus(keep));
        for (int i = 0; i < notes.size(); i++) {
            entities.persist(new ChangeRow(new ChangeKey(path, version, i), now, notes.get(i)));
        }
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
