package io.naru.cluster.control;

import io.naru.cluster.Endpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A broker asks to be part of the cluster.
 *
 * @param brokerId      node id, 0 ≤ id &lt; 1 000 000
 * @param incarnationId new with every start of the process; a second process under the same id is refused while the first one's session lives
 * @param clusterId     what its {@code meta.properties} say, or null for a new data directory; a foreign one is refused (error 104)
 * @param kafka         advertised Kafka listener
 * @param http          advertised HTTP listener
 * @param rack          failure domain, if any
 * @param logDirs       directory ids it has, informational
 */
public record BrokerRegistration(
        int brokerId,
        String incarnationId,
        @Nullable String clusterId,
        Endpoint kafka,
        Endpoint http,
        @Nullable String rack,
        List<String> logDirs) {}
