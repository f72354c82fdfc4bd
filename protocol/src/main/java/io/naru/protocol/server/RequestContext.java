package io.naru.protocol.server;

import java.net.SocketAddress;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, and how.
 *
 * @param apiKey        the API
 * @param apiVersion    its version, one the handler supports
 * @param correlationId the client's number for the request
 * @param clientId      what the client calls itself, if anything
 * @param connectionId  unique while the server runs
 * @param remote        the peer
 * @param arrivedNanos  {@link System#nanoTime()} when the frame was whole
 */
public record RequestContext(
        ApiKeys apiKey,
        short apiVersion,
        int correlationId,
        @Nullable String clientId,
        String connectionId,
        SocketAddress remote,
        long arrivedNanos) {}
