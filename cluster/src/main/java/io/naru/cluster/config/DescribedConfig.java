package io.naru.cluster.config;

import java.util.List;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * A config as DescribeConfigs and REST tell it.
 *
 * @param config   its row of the catalogue
 * @param value    in the form in which it is set; null when it has none, or is not shown
 * @param source   where the value comes from
 * @param synonyms every place that has a value for it, the one that counts first
 */
public record DescribedConfig(ConfigKey config, @Nullable String value, ConfigSource source, List<Synonym> synonyms) {

    /** Copies the synonyms. */
    public DescribedConfig {
        synonyms = List.copyOf(synonyms);
    }

    /**
     * A value for the config, under the name it has in that place.
     *
     * @param name   topic config or broker config
     * @param value  its value there; null when it is not shown
     * @param source the place
     */
    public record Synonym(String name, @Nullable String value, ConfigSource source) {}

    /** Whether nobody has set it. */
    public boolean isDefault() {
        return source == ConfigSource.DEFAULT_CONFIG;
    }

    /** Whether it cannot be set while the cluster runs. */
    public boolean readOnly() {
        return config.scope() == ConfigScope.READ_ONLY;
    }
}
