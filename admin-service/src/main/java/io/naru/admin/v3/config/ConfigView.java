package io.naru.admin.v3.config;

import io.naru.cluster.config.DescribedConfig;
import java.util.List;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.jspecify.annotations.Nullable;

/** A config as it is shown, whatever it is a config of. */
record ConfigView(
        String name,
        @Nullable String value,
        boolean isDefault,
        boolean isReadOnly,
        boolean isSensitive,
        String source,
        List<ConfigSynonym> synonyms) {

    /** From the catalogue and what the controller knows. */
    static ConfigView of(DescribedConfig config) {
        return new ConfigView(
                config.config().name(),
                config.value(),
                config.isDefault(),
                config.readOnly(),
                config.config().sensitive(),
                config.source().name(),
                config.synonyms().stream()
                        .map(synonym -> new ConfigSynonym(
                                synonym.name(),
                                synonym.value(),
                                synonym.source().name()))
                        .toList());
    }

    /** As a broker describes itself. */
    static ConfigView of(ConfigEntry config) {
        return new ConfigView(
                config.name(),
                config.value(),
                config.isDefault(),
                config.isReadOnly(),
                config.isSensitive(),
                config.source().name(),
                config.synonyms().stream()
                        .map(synonym -> new ConfigSynonym(
                                synonym.name(),
                                synonym.value(),
                                synonym.source().name()))
                        .toList());
    }
}
