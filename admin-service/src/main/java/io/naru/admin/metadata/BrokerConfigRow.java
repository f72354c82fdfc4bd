package io.naru.admin.metadata;

import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A config set on a broker while it runs, or on all of them. */
@Entity
@Table(name = "broker_configs")
class BrokerConfigRow {

    /** Stands for all brokers. */
    static final int ALL_BROKERS = -1;

    @EmbeddedId
    BrokerConfigKey key = new BrokerConfigKey("", ALL_BROKERS, "");

    String configValue = "";

    protected BrokerConfigRow() {}

    BrokerConfigRow(String clusterPath, int brokerId, String name, String value) {
        this.key = new BrokerConfigKey(clusterPath, brokerId, name);
        this.configValue = value;
    }

    /** Configs by broker, {@link #ALL_BROKERS} among them. */
    static Map<Integer, Map<String, String>> byBroker(List<BrokerConfigRow> rows) {
        Map<Integer, Map<String, String>> configs = new HashMap<>();
        for (BrokerConfigRow row : rows) {
            configs.computeIfAbsent(row.key.brokerId(), id -> new HashMap<>()).put(row.key.name(), row.configValue);
        }
        return configs;
    }
}
