package io.naru.cluster.config;

import java.util.LinkedHashSet;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** A row of the catalogue: a config that Naru honours, under Kafka's name. */
public sealed interface ConfigKey permits TopicConfig, BrokerConfig {

    /** Longest value that is taken; the controller's database has no room for more. */
    int MAX_VALUE = 32_000;

    /** Kafka's name. */
    String name();

    /** How its value is read. */
    ConfigDef.Type type();

    /** In the form in which it is set; null when it has no value of its own unless one is set. */
    @Nullable
    String defaultValue();

    /** Refuses values out of range; null when every value of the type will do. */
    ConfigDef.@Nullable Validator validator();

    /** What it does, for people. */
    String documentation();

    /** Where it can be set while the cluster runs. */
    ConfigScope scope();

    /** Whether its value is never shown. */
    default boolean sensitive() {
        return type() == ConfigDef.Type.PASSWORD;
    }

    /**
     * The value of {@code text} in the config's type.
     *
     * @return Integer, Long, Double, Boolean, String or List of String, by {@link #type}
     * @throws ConfigException naming the config, the value and what is wrong with it
     */
    default Object parse(String text) {
        if (text.length() > MAX_VALUE) {
            throw new ConfigException("The value of " + name() + " has " + text.length() + " characters; it may have "
                    + MAX_VALUE + " at most.");
        }
        if (text.indexOf('\0') >= 0) {
            // Kafka's parser would trim it away at the ends, but PostgreSQL cannot store it.
            throw new ConfigException("The value of " + name() + " contains a NUL character.");
        }
        Object value = ConfigDef.parseType(name(), text, type());
        if (value == null) {
            throw new ConfigException(name(), text, "value must not be empty");
        }
        if (value instanceof List<?> list) {
            // Kafka takes a repeated value for one.
            value = List.copyOf(new LinkedHashSet<>(list));
        }
        ConfigDef.Validator check = validator();
        if (check != null) {
            check.ensureValid(name(), value);
        }
        return value;
    }
}
