package io.naru.cluster.config;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;

/**
 * One topic config.
 *
 * @param name          Kafka's name
 * @param type          how its value is read
 * @param defaultValue  in the form in which it is set, for example {@code delete} or {@code 604800000}
 * @param validator     refuses values out of range, or null when every value of the type will do
 * @param documentation what it does, for people
 * @param serverNames   the broker configs that set the default for all topics, the one that counts first in front
 */
public record TopicConfig(
        String name,
        ConfigDef.Type type,
        String defaultValue,
        ConfigDef.@Nullable Validator validator,
        String documentation,
        List<ServerName> serverNames)
        implements ConfigKey {

    /** Copies the names. */
    public TopicConfig {
        serverNames = List.copyOf(serverNames);
    }

    /**
     * A broker config that says the same.
     *
     * @param name   its name
     * @param factor what one of its units is in the topic config's, 3 600 000 for hours
     */
    public record ServerName(String name, long factor) {

        /** A value of that broker config as one of the topic config; a time below 0 means for ever, whatever the unit. */
        public String toTopic(String value) {
            if (factor == 1) {
                return value;
            }
            long units = Long.parseLong(value.trim());
            return Long.toString(units < 0 ? -1 : Math.multiplyExact(units, factor));
        }
    }

    /** The broker config that counts before the others; empty when none says the same. */
    public Optional<String> serverName() {
        return serverNames.stream().findFirst().map(ServerName::name);
    }

    @Override
    public ConfigScope scope() {
        return ConfigScope.TOPIC;
    }
}
