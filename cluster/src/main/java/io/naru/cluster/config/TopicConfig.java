package io.naru.cluster.config;

import java.util.LinkedHashSet;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * One topic config.
 *
 * @param name          Kafka's name
 * @param type          how its value is read
 * @param defaultValue  in the form in which it is set, for example {@code delete} or {@code 604800000}
 * @param validator     refuses values out of range, or null when every value of the type will do
 * @param documentation what it does, for people
 * @param serverName    the broker config that sets the default for all topics
 */
public record TopicConfig(
        String name,
        ConfigDef.Type type,
        String defaultValue,
        ConfigDef.@Nullable Validator validator,
        String documentation,
        String serverName) {

    /**
     * The value of {@code text} in the config's type.
     *
     * @return Integer, Long, Double, Boolean, String or List of String, by {@link #type}
     * @throws ConfigException naming the config, the value and what is wrong with it
     */
    public Object parse(String text) {
        Object value = ConfigDef.parseType(name, text, type);
        if (value == null) {
            throw new ConfigException(name, text, "value must not be empty");
        }
        if (value instanceof List<?> list) {
            // Kafka takes a repeated value for one.
            value = List.copyOf(new LinkedHashSet<>(list));
        }
        if (validator != null) {
            validator.ensureValid(name, value);
        }
        return value;
    }
}
