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
 * @param logDirs       ids of its data directories. One that is gone since the last registration took its replicas with it. Which they
 *                      were is not known here, so all of the broker's replicas leave ISR and ELR, even the last one in sync
 * @param previousEpoch epoch under which it last stopped cleanly, as its clean-shutdown marks say, else {@link #UNKNOWN_EPOCH}; a broker that
 *                      did not stop cleanly may have lost unflushed records and leaves every ELR, and every ISR unless ISR and ELR have
 *                      nobody else (KIP-966). Of no matter when the same process registers again
 */
public record BrokerRegistration(
        int brokerId,
        String incarnationId,
        @Nullable String clusterId,
        Endpoint kafka,
        Endpoint http,
        @Nullable String rack,
        List<String> logDirs,
        long previousEpoch) {

    /** The broker is new, or did not stop cleanly. */
    public static final long UNKNOWN_EPOCH = -1;

    /** A registration after anything but a clean stop. */
    public BrokerRegistration(
            int brokerId,
            String incarnationId,
            @Nullable String clusterId,
            Endpoint kafka,
            Endpoint http,
            @Nullable String rack,
            List<String> logDirs) {
        this(brokerId, incarnationId, clusterId, kafka, http, rack, logDirs, UNKNOWN_EPOCH);
    }
}
