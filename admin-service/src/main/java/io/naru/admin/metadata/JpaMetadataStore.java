package io.naru.admin.metadata;

import io.naru.admin.controller.BrokerProcess;
import io.naru.admin.controller.Change;
import io.naru.admin.controller.ControllerState;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.CoordinatorImage;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** {@link MetadataStore} on JPA: H2 or PostgreSQL. Thread-safe. */
public final class JpaMetadataStore implements MetadataStore {

    private final String path;
    private final Supplier<String> newClusterId;
    private final MetadataRows rows;
    private final EntityManager entities;
    private final TransactionTemplate transaction;
    private final DatabaseDurability durability;
    private final Duration keepHistory;

    /**
     * The store of one cluster.
     *
     * @param path         the cluster's path in the database
     * @param newClusterId Kafka cluster id for a cluster that is not in the database yet
     * @param database     to read and write
     */
    JpaMetadataStore(String path, Supplier<String> newClusterId, Database database) {
        this.path = path;
        this.newClusterId = newClusterId;
        this.rows = database.rows();
        this.entities = database.entities();
        this.transaction = new TransactionTemplate(database.transactions());
        this.durability = database.durability();
        this.keepHistory = database.keepHistory();
    }

    /**
     * What a store works on.
     *
     * @param keepHistory how long the change history goes back
     */
    record Database(
            MetadataRows rows,
            EntityManager entities,
            PlatformTransactionManager transactions,
            DatabaseDurability durability,
            Duration keepHistory) {}

    @Override
    public Optional<ControllerState> acquire(String holder, Duration duration) {
        Optional<ControllerState> taken = committed(() -> {
            ClusterRow cluster = rows.lock(path).orElse(null);
            Instant now = rows.now();
            if (cluster == null) {
                cluster = new ClusterRow();
                cluster.path = path;
                cluster.clusterId = newClusterId.get();
                entities.persist(cluster);
            } else if (cluster.leaseHolder != null
                    && !cluster.leaseHolder.equals(holder)
                    && cluster.leaseExpiresAt.isAfter(now)) {
                return Optional.empty();
            }
            cluster.controllerEpoch++;
            cluster.leaseHolder = holder;
            cluster.leaseExpiresAt = now.plus(duration);
            return Optional.of(load(cluster));
        });
        durability.afterCommit();
        return taken;
    }

    private ControllerState load(ClusterRow cluster) {
        Map<Integer, BrokerProcess> brokerProcesses = new TreeMap<>();
        Map<Integer, String> coordinatorIncarnations = new TreeMap<>();
        TreeMap<Integer, BrokerImage> brokers = new TreeMap<>();
        Map<Integer, Map<String, String>> configs = BrokerConfigRow.byBroker(rows.brokerConfigs(path));
        for (BrokerRow row : rows.brokers(path)) {
            brokers.put(row.key.id(), row.image(configs.getOrDefault(row.key.id(), Map.of())));
            brokerProcesses.put(row.key.id(), row.process());
        }
        TreeMap<Integer, CoordinatorImage> coordinators = new TreeMap<>();
        for (CoordinatorRow row : rows.coordinators(path)) {
            coordinators.put(row.key.id(), row.image());
            coordinatorIncarnations.put(row.key.id(), row.incarnationId);
        }
        ClusterImage image = new ClusterImage(
                cluster.imageVersion,
                cluster.controllerEpoch,
                cluster.clusterId,
                brokers,
                coordinators,
                TopicRows.assemble(rows.topics(path), rows.topicConfigs(path), rows.partitions(path)),
                rows.shards(path).stream().map(ShardRow::image).toList(),
                configs.getOrDefault(BrokerConfigRow.ALL_BROKERS, Map.of()));
        return new ControllerState(image, brokerProcesses, coordinatorIncarnations, cluster.nextProducerId);
    }

    @Override
    public boolean renew(int epoch, Duration duration) {
        return committed(() -> rows.renew(path, epoch, rows.now().plus(duration)) == 1);
    }

    @Override
    public void release(int epoch) {
        committed(() -> rows.release(path, epoch));
        durability.afterCommit();
    }

    @Override
    public void commit(List<Change> changes, ControllerState next) {
        int epoch = next.image().controllerEpoch();
        committed(() -> {
            if (rows.advance(path, epoch, next.image().version(), next.nextProducerId()) != 1) {
                throw new LeaseLostException(epoch);
            }
            ChangeWriter writer = new ChangeWriter(path, rows, entities);
            writer.write(changes);
            writer.writeHistory(next.image().version(), keepHistory);
            return true;
        });
        durability.afterCommit();
    }

    private <T> T committed(Supplier<T> work) {
        T result = transaction.execute(status -> work.get());
        if (result == null) {
            throw new IllegalStateException("a transaction without a result");
        }
        return result;
    }
}
