package io.naru.admin.metadata;

import com.zaxxer.hikari.HikariDataSource;
import io.naru.admin.AdminProperties;
import jakarta.persistence.EntityManager;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.hibernate.autoconfigure.HibernatePropertiesCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;

/** The metadata database and the store on it. */
@Configuration(proxyBeanMethods = false)
class MetadataConfiguration {

    /** The controller thread uses one connection at a time, health checks another. */
    private static final int CONNECTIONS = 3;

    @Bean(destroyMethod = "close")
    HikariDataSource metadataDatabase(AdminProperties properties, @Value("${naru.data-dir}") Path dataDir) {
        AdminProperties.Database database = properties.database();
        HikariDataSource pool = new HikariDataSource();
        pool.setPoolName("metadata");
        pool.setJdbcUrl(Optional.ofNullable(database.url()).orElseGet(() -> h2Url(dataDir)));
        pool.setUsername(database.username());
        pool.setPassword(database.password());
        pool.setMaximumPoolSize(CONNECTIONS);
        pool.setMinimumIdle(1);
        pool.setConnectionTimeout(3_000);
        pool.setRegisterMbeans(false);
        return pool;
    }

    private static String h2Url(Path dataDir) {
        Path file = dataDir.toAbsolutePath().normalize().resolve("admin").resolve("naru");
        // The pool closes the database, not a shutdown hook of H2's; each commit goes to the file at once.
        return "jdbc:h2:file:" + file + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0";
    }

    /** Tells Hibernate what it would otherwise open a connection to ask. */
    @Bean
    HibernatePropertiesCustomizer databaseProduct(HikariDataSource database) {
        boolean h2 = isH2(database);
        return properties -> {
            properties.put("jakarta.persistence.database-product-name", h2 ? "H2" : "PostgreSQL");
            properties.put("jakarta.persistence.database-major-version", h2 ? "2" : "14");
            properties.put("jakarta.persistence.database-minor-version", h2 ? "4" : "0");
        };
    }

    @Bean
    MetadataStore metadataStore(
            AdminProperties properties,
            MetadataRows rows,
            EntityManager entities,
            PlatformTransactionManager transactions,
            HikariDataSource database) {
        return new JpaMetadataStore(
                properties.clusterPath(),
                () -> Optional.ofNullable(properties.clusterId())
                        .orElseGet(() -> Uuid.randomUuid().toString()),
                new JpaMetadataStore.Database(
                        rows, entities, transactions, durability(database), properties.historyRetention()));
    }

    @Bean
    ChangeHistory changeHistory(AdminProperties properties, MetadataRows rows) {
        return new JpaChangeHistory(properties.clusterPath(), rows);
    }

    private static DatabaseDurability durability(HikariDataSource database) {
        return isH2(database) ? DatabaseDurability.h2(database) : DatabaseDurability.none();
    }

    private static boolean isH2(HikariDataSource database) {
        return String.valueOf(database.getJdbcUrl()).startsWith("jdbc:h2:");
    }
}
