package io.naru.cluster;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A registered broker.
 *
 * @param id      node id, ≥ 0
 * @param epoch   broker epoch: grows with every registration, so that a broker that came back is told from the one that left (KIP-903)
 * @param kafka   Kafka listener
 * @param http    actuator and internal HTTP
 * @param rack    failure domain, if told
 * @param fenced  true while it may not lead or serve: not yet caught up, or its session lapsed
 * @param configs dynamic per-broker configs, by Kafka's names
 */
public record BrokerImage(
        int id,
        long epoch,
        Endpoint kafka,
        Endpoint http,
        @Nullable String rack,
        boolean fenced,
        Map<String, String> configs) {

    /** Copies the configs. */
    public BrokerImage {
        configs = Map.copyOf(configs);
    }

    /** The same broker, fenced or not. */
    public BrokerImage withFenced(boolean nowFenced) {
        return new BrokerImage(id, epoch, kafka, http, rack, nowFenced, configs);
    }

    /** The same broker with other configs. */
    public BrokerImage withConfigs(Map<String, String> nowSet) {
        return new BrokerImage(id, epoch, kafka, http, rack, fenced, nowSet);
    }
}
