package io.naru.admin.metadata;

import io.naru.cluster.PartitionImage;
import jakarta.persistence.EntityManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.Session;

/**
 * Changes of partitions that are in the database already, within the caller's transaction. As plain batches, not as entities: a broker
 * that dies may take ten thousand leaderships with it, while the controller does nothing else and its lease runs.
 */
final class PartitionUpdates {

    private static final int BATCH = 500;
    private static final String UPDATE = "update partitions set replicas = ?, isr = ?, elr = ?, adding_replicas = ?,"
            + " removing_replicas = ?, leader = ?, leader_epoch = ?, partition_epoch = ?"
            + " where cluster_path = ? and topic = ? and partition_index = ?";

    private record Update(String topic, PartitionImage partition) {}

    private final String path;
    private final List<Update> updates = new ArrayList<>();

    PartitionUpdates(String path) {
        this.path = path;
    }

    void add(String topic, PartitionImage partition) {
        updates.add(new Update(topic, partition));
    }

    /** Writes them in the order in which they were added. */
    void write(EntityManager entities) {
        if (updates.isEmpty()) {
            return;
        }
        entities.flush();
        entities.unwrap(Session.class).doWork(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(UPDATE)) {
                for (int from = 0; from < updates.size(); from += BATCH) {
                    write(statement, updates.subList(from, Math.min(updates.size(), from + BATCH)));
                }
            }
        });
    }

    private void write(PreparedStatement statement, List<Update> batch) throws SQLException {
        for (Update update : batch) {
            PartitionImage partition = update.partition;
            statement.setString(1, BrokerIdsConverter.text(partition.replicas()));
            statement.setString(2, BrokerIdsConverter.text(partition.isr()));
            statement.setString(3, BrokerIdsConverter.text(partition.elr()));
            statement.setString(4, BrokerIdsConverter.text(partition.adding()));
            statement.setString(5, BrokerIdsConverter.text(partition.removing()));
            statement.setInt(6, partition.leader());
            statement.setInt(7, partition.leaderEpoch());
            statement.setInt(8, partition.partitionEpoch());
            statement.setString(9, path);
            statement.setString(10, update.topic);
            statement.setInt(11, partition.partition());
            statement.addBatch();
        }
        int[] rows = statement.executeBatch();
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] != 1) {
                Update missing = batch.get(i);
                throw new IllegalStateException(
                        "no row for partition " + missing.topic + "-" + missing.partition.partition());
            }
        }
    }
}
