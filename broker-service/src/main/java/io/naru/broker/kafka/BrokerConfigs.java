package io.naru.broker.kafka;

import io.naru.cluster.config.TopicConfig;
import io.naru.cluster.config.TopicConfigs;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;

/** The broker's own configuration under Kafka's names, for DescribeConfigs. All of it is set at start. */
public final class BrokerConfigs {

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /**
     * One config.
     *
     * @param value         in force
     * @param type          how the value is read
     * @param isDefault     whether nobody set it
     * @param documentation what it does, for people
     */
    public record Entry(String value, ConfigDef.Type type, boolean isDefault, String documentation) {}

    /** Starts with the topic defaults under the names that they have on a broker. */
    public BrokerConfigs() {
        for (TopicConfig topic : TopicConfigs.all()) {
            entries.put(topic.serverName(), new Entry(topic.defaultValue(), topic.type(), true, topic.documentation()));
        }
    }

    /** Adds a config that was set, or that differs from broker to broker. */
    public BrokerConfigs set(String name, Object value, ConfigDef.Type type, String documentation) {
        entries.put(name, new Entry(String.valueOf(value), type, false, documentation));
        return this;
    }

    /** Adds a config that has its default value. */
    public BrokerConfigs byDefault(String name, Object value, ConfigDef.Type type, String documentation) {
        entries.put(name, new Entry(String.valueOf(value), type, true, documentation));
        return this;
    }

    /** All of them, by name. */
    public Map<String, Entry> entries() {
        return Map.copyOf(entries);
    }
}
