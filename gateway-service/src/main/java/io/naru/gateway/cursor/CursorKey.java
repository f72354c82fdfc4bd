package io.naru.gateway.cursor;

import io.naru.gateway.http.Exchange;
import io.naru.protocol.client.MetadataCache;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
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

    /** Suspends a call until cursors can be signed, then goes on with it; what it throws is answered. */
    public void whenReady(Exchange exchange, Consumer<CursorSigner> call) {
        exchange.suspend();
        signer().whenComplete((signer, error) -> {
            if (error != null) {
                exchange.fail(error);
                return;
            }
            try {
                call.accept(signer);
            } catch (RuntimeException e) {
                exchange.fail(e);
            }
        });
    }

    private CompletableFuture<CursorSigner> remember() {
        CompletableFuture<CursorSigner> signer = CompletableFuture.completedFuture(
                CursorSigner.of("cluster:" + metadata.clusterId().orElse("")));
        known = signer;
        return signer;
    }
}
