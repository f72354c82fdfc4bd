package io.naru.admin.metadata;

import io.naru.admin.AdminServer;
import jakarta.persistence.EntityManager;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.springframework.transaction.PlatformTransactionManager;

/** An admin-service whose database is used by the tests too, under other cluster paths than its own. */
final class StoreServer implements AutoCloseable {

    private final AdminServer server;
    private final DatabaseDurability durability;

    StoreServer(Path dataDir, DatabaseDurability durability, String... properties) {
        this.server = new AdminServer(dataDir, properties);
        this.durability = durability;
    }

    MetadataStore store(String clusterPath) {
        return new JpaMetadataStore(
                clusterPath,
                () -> "id-" + UUID.randomUUID(),
                new JpaMetadataStore.Database(
                        server.bean(MetadataRows.class),
                        server.bean(EntityManager.class),
                        server.bean(PlatformTransactionManager.class),
                        durability,
                        Duration.ofDays(1)));
    }

    ChangeHistory history(String clusterPath) {
        return new JpaChangeHistory(clusterPath, server.bean(MetadataRows.class));
    }

    @Override
    public void close() {
        server.close();
    }
}
