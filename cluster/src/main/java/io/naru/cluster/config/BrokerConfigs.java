package io.naru.cluster.config;

import io.naru.cluster.config.TopicConfig.ServerName;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Every broker config that Naru honours, in one table: those of the brokers and the controller themselves, and the defaults of topic
 * configs under the names that they have on a broker. Names, types and ranges are Kafka's.
 */
public final class BrokerConfigs {

    /** Where a broker is told values of configs that have no property of their own: {@code naru.broker.configs.log.retention.ms}. */
    public static final String PROPERTY_PREFIX = "naru.broker.configs.";

    /** Configs of elections, by which controller and leader have to count alike. */
    private static final Set<String> CLUSTER_ONLY = Set.of("min.insync.replicas", "unclean.leader.election.enable");

    private static final Map<String, BrokerConfig> TABLE = new LinkedHashMap<>();

    static {
        BrokerConfigRows.all().forEach(config -> TABLE.put(config.name(), config));
        TopicConfigs.all().forEach(BrokerConfigs::addDefaultsOf);
    }

    private BrokerConfigs() {}

    /** The table, in the order in which it is shown. */
    public static Collection<BrokerConfig> all() {
        return Collections.unmodifiableCollection(TABLE.values());
    }

    /** The config of that name, if Naru knows it. */
    public static Optional<BrokerConfig> find(String name) {
        return Optional.ofNullable(TABLE.get(name));
    }

    /**
     * What is wrong with configs that someone wants to be in force on brokers.
     *
     * @param wanted by name
     * @return a sentence that names the config, or empty when they can be
     */
    public static Optional<String> problem(Map<String, String> wanted) {
        for (Map.Entry<String, String> entry : wanted.entrySet()) {
            BrokerConfig config = TABLE.get(entry.getKey());
            if (config == null) {
                return Optional.of("Unknown broker config name: " + entry.getKey());
            }
            try {
                config.parse(entry.getValue());
            } catch (ConfigException invalid) {
                return Optional.ofNullable(invalid.getMessage());
            }
        }
        return Optional.empty();
    }

    private static void addDefaultsOf(TopicConfig topic) {
        int names = topic.serverNames().size();
        for (int i = 0; i < names; i++) {
            ServerName name = topic.serverNames().get(i);
            boolean own = CLUSTER_ONLY.contains(name.name());
            ConfigScope scope =
                    i > 0 ? ConfigScope.READ_ONLY : own ? ConfigScope.CLUSTER_ONLY : ConfigScope.CLUSTER_WIDE;
            TABLE.put(
                    name.name(),
                    new BrokerConfig(
                            name.name(),
                            name.factor() == 1 ? topic.type() : ConfigDef.Type.INT,
                            i == names - 1 ? inUnitsOf(name, topic.defaultValue()) : null,
                            new AsTopicConfig(topic, name),
                            "Default of " + topic.name() + " for topics that do not set it"
                                    + (name.factor() == 1 ? "." : ", in units of " + name.factor() + " ms."),
                            scope,
                            own ? null : PROPERTY_PREFIX + name.name()));
        }
    }

    private static String inUnitsOf(ServerName name, String topicDefault) {
        return name.factor() == 1 ? topicDefault : Long.toString(Long.parseLong(topicDefault) / name.factor());
    }

    /** Whether a value would do for the topic config whose default it is. */
    private record AsTopicConfig(TopicConfig topic, ServerName name) implements ConfigDef.Validator {

        @Override
        public void ensureValid(String config, @Nullable Object value) {
            ConfigDef.Validator check = topic.validator();
            if (check == null || value == null) {
                return;
            }
            Object asTopic = name.factor() == 1
                    ? value
                    : ConfigDef.parseType(config, name.toTopic(String.valueOf(value)), topic.type());
            check.ensureValid(config, asTopic);
        }

        @Override
        public String toString() {
            return topic.validator() instanceof Range range ? range.toString() : String.valueOf(topic.validator());
        }
    }
}
