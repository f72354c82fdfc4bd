package io.naru.cluster.config;

import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;

/**
 * One broker config.
 *
 * @param name          Kafka's name
 * @param type          how its value is read
 * @param defaultValue  in the form in which it is set; null when there is none
 * @param validator     refuses values out of range, or null when every value of the type will do
 * @param documentation what it does, for people
 * @param scope         where it can be set while the cluster runs
 * @param property      the Spring property that sets it at the start; null when it is set on the whole cluster only
 */
public record BrokerConfig(
        String name,
        ConfigDef.Type type,
        @Nullable String defaultValue,
        ConfigDef.@Nullable Validator validator,
        String documentation,
        ConfigScope scope,
        @Nullable String property)
        implements ConfigKey {}
