package io.naru.broker.kafka;

import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse;

/** Where a config's value comes from, as DescribeConfigs and CreateTopics number it. */
final class ConfigSources {

    private static final Map<ConfigSource, Byte> IDS = new EnumMap<>(ConfigSource.class);

    static {
        for (DescribeConfigsResponse.ConfigSource known : DescribeConfigsResponse.ConfigSource.values()) {
            IDS.put(known.source(), known.id());
        }
    }

    private ConfigSources() {}

    static byte id(ConfigSource source) {
        Byte id = IDS.get(source);
        if (id == null) {
            throw new IllegalArgumentException("no id for " + source);
        }
        return id;
    }
}
