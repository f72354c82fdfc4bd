package io.naru.broker.kafka;

import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.requests.DescribeConfigsResponse;

/** Where a config's value comes from, as DescribeConfigs and CreateTopics number it. */
final class ConfigSources {

    static final byte TOPIC = id(ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG);
    static final byte STATIC_BROKER = id(ConfigEntry.ConfigSource.STATIC_BROKER_CONFIG);
    static final byte DEFAULT = id(ConfigEntry.ConfigSource.DEFAULT_CONFIG);

    private ConfigSources() {}

    private static byte id(ConfigEntry.ConfigSource source) {
        for (DescribeConfigsResponse.ConfigSource known : DescribeConfigsResponse.ConfigSource.values()) {
            if (known.source() == source) {
                return known.id();
            }
        }
        throw new IllegalArgumentException("no id for " + source);
    }
}
