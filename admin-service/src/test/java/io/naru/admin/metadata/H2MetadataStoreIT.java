package io.naru.admin.metadata;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class H2MetadataStoreIT extends MetadataStoreContract {

    private static StoreServer server;

    @BeforeAll
    static void start(@TempDir Path dataDir) {
        server = new StoreServer(dataDir, DatabaseDurability.none());
    }

    @AfterAll
    static void stop() {
        server.close();
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
