package io.naru.admin.metadata;

class InMemoryMetadataTest extends MetadataStoreContract {

    private final InMemoryMetadata database = new InMemoryMetadata(() -> 1_000);

    @Override
    MetadataStore store(String clusterPath) {
        return database.store(clusterPath);
    }

    @Override
    ChangeHistory history(String clusterPath) {
        return database.history(clusterPath);
    }
}
