package io.naru.gateway;

import io.naru.protocol.client.NodeAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The gateway and its cluster.
 *
 * @param bootstrap    brokers to ask first, {@code host:port,…}; Naru's or Apache Kafka's
 * @param metadataAge  how long what a broker told about topics is believed
 * @param eventLoops   threads that talk to brokers
 * @param workers      threads that turn records into JSON; 0 takes one per processor
 * @param adminUrl     base URLs of the admin-services, to which {@code /v3} is handed on; empty for a cluster without (Apache Kafka)
 * @param cursorSecret signs cursors; every gateway of a cluster needs the same one. Unset, it is derived from the cluster's id: enough
 *                     against mistakes, not against someone who knows the id
 */
@ConfigurationProperties("naru.gateway")
public record GatewayProperties(
        @DefaultValue("127.0.0.1:9092") List<String> bootstrap,
        @DefaultValue("60s") Duration metadataAge,
        @DefaultValue("2") int eventLoops,
        @DefaultValue("0") int workers,
        @DefaultValue("http://127.0.0.1:8081") List<URI> adminUrl,
        @Nullable String cursorSecret) {

    /** Checks what can be checked without a broker. */
    public GatewayProperties {
        if (bootstrap.isEmpty()) {
            throw new IllegalArgumentException("naru.gateway.bootstrap names no broker; set it to host:port");
        }
        bootstrap.forEach(GatewayProperties::check);
        for (URI url : adminUrl) {
            if (url.getHost() == null || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
                throw new IllegalArgumentException("naru.gateway.admin-url: \"" + url + "\" is no http:// URL");
            }
        }
        if (eventLoops < 1 || workers < 0) {
            throw new IllegalArgumentException("naru.gateway.event-loops must be at least 1, workers at least 0");
        }
        if (cursorSecret != null && !cursorSecret.isEmpty() && cursorSecret.length() < 16) {
            throw new IllegalArgumentException("naru.gateway.cursor-secret must have at least 16 characters");
        }
    }

    private static void check(String address) {
        try {
            NodeAddress.parse(address);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("naru.gateway.bootstrap: " + e.getMessage(), e);
        }
    }

    List<NodeAddress> bootstrapNodes() {
        return bootstrap.stream().map(NodeAddress::parse).toList();
    }

    int workerThreads() {
        return workers > 0 ? workers : Runtime.getRuntime().availableProcessors();
    }
}
