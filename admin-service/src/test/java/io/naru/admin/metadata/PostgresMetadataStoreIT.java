package io.naru.admin.metadata;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class PostgresMetadataStoreIT extends MetadataStoreContract {

    private static EmbeddedPostgres postgres;
    private static StoreServer server;

    @BeforeAll
    static void start(@TempDir Path dataDir) throws IOException {
        postgres = EmbeddedPostgres.builder().start();
        server = new StoreServer(
                dataDir,
                DatabaseDurability.none(),
                "--naru.admin.database.url=" + postgres.getJdbcUrl("postgres", "postgres"),
                "--naru.admin.database.username=postgres");
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        postgres.close();
    }

    @Override
    MetadataStore store(String clusterPath) {
        return server.store(clusterPath);
    }

    @Override
    ChangeHistory history(String clusterPath) {
        return server.history(clusterPath);
    }
}
