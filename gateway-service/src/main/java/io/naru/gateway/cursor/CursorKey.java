package io.naru.gateway.cursor;

import io.naru.protocol.client.MetadataCache;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The key that all gateways of a cluster sign with: from their common secret, or from the cluster's id, which has to be asked for once.
 * Thread-safe and non-blocking.
 */
public final class CursorKey {

    private final MetadataCache metadata;
    private volatile @Nullable CompletableFuture<CursorSigner> known;

    /**
     * A key.
     *
     * @param secret the gateways' common secret; null or empty takes the cluster's id
     */
    public CursorKey(@Nullable String secret, MetadataCache metadata) {
        this.metadata = metadata;
        if (secret != null && !secret.isEmpty()) {
            known = CompletableFuture.completedFuture(CursorSigner.of("secret:" + secret));
        }
    }

    /** The signer; fails when it takes the cluster's id and no broker can be asked. */
    public CompletableFuture<CursorSigner> signer() {
        CompletableFuture<CursorSigner> signer = known;
        if (signer != null) {
            return signer;
        }
        if (metadata.clusterId().isPresent()) {
            return remember();
        }
        return metadata.allTopics().thenCompose(topics -> remember());
    }

    private CompletableFuture<CursorSigner> remember() {
        CompletableFuture<CursorSigner> signer = CompletableFuture.completedFuture(
                CursorSigner.of("cluster:" + metadata.clusterId().orElse("")));
        known = signer;
        return signer;
    }
}
