package io.naru.cluster.config;

import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.config.DescribedConfig.Synonym;
import io.naru.cluster.config.TopicConfig.ServerName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * What is set on a broker, in the places that Kafka knows, the one that counts first in front; what is set in none of them has its default.
 *
 * @param ofBroker  set on this broker while it runs (KIP-226)
 * @param ofCluster set on all brokers while they run
 * @param fixed     told to the broker at its start
 */
public record ConfigLayers(Map<String, String> ofBroker, Map<String, String> ofCluster, Map<String, String> fixed) {

    /** Nothing is set. */
    public static final ConfigLayers DEFAULTS = new ConfigLayers(Map.of(), Map.of(), Map.of());

    /** Copies the maps. */
    public ConfigLayers {
        ofBroker = Map.copyOf(ofBroker);
        ofCluster = Map.copyOf(ofCluster);
        fixed = Map.copyOf(fixed);
    }

    /**
     * A broker's.
     *
     * @param fixed what it was told at its start
     */
    public static ConfigLayers of(ClusterImage image, int brokerId, Map<String, String> fixed) {
        BrokerImage broker = image.brokers().get(brokerId);
        return new ConfigLayers(broker == null ? Map.of() : broker.configs(), image.configs(), fixed);
    }

    /** Of no broker in particular: what is set on all of them. */
    public static ConfigLayers of(ClusterImage image) {
        return new ConfigLayers(Map.of(), image.configs(), Map.of());
    }

    /** The value in force of a broker config; empty when it has none. */
    public Optional<String> value(String name) {
        String value = ofBroker.getOrDefault(name, ofCluster.getOrDefault(name, fixed.get(name)));
        return value != null ? Optional.of(value) : BrokerConfigs.find(name).map(BrokerConfig::defaultValue);
    }

    /** The number in force of a broker config that has a default. */
    public double number(String name) {
        return Double.parseDouble(value(name).orElseThrow());
    }

    /**
     * The values in force for a topic, by topic config.
     *
     * @param set what is set on the topic
     */
    public Map<String, String> topicValues(Map<String, String> set) {
        Map<String, String> values = new LinkedHashMap<>();
        for (TopicConfig config : TopicConfigs.all()) {
            values.put(config.name(), set.getOrDefault(config.name(), topicDefault(config)));
        }
        return values;
    }

    /** By the first place that has a value under any of the names, and there by the first name. */
    private String topicDefault(TopicConfig config) {
        for (Map<String, String> layer : List.of(ofBroker, ofCluster, fixed)) {
            for (ServerName name : config.serverNames()) {
                String value = layer.get(name.name());
                if (value != null) {
                    return name.toTopic(value);
                }
            }
        }
        return config.defaultValue();
    }

    /**
     * Every config of a topic, in the order of the catalogue.
     *
     * @param set what is set on the topic
     */
    public List<DescribedConfig> describeTopic(Map<String, String> set) {
        List<DescribedConfig> described = new ArrayList<>();
        for (TopicConfig config : TopicConfigs.all()) {
            List<Synonym> synonyms = new ArrayList<>(config.serverName()
                    .map(name -> synonyms(name, config.serverNames()))
                    .orElse(List.of()));
            String value = set.get(config.name());
            if (value == null) {
                ConfigSource source = synonyms.isEmpty()
                        ? ConfigSource.DEFAULT_CONFIG
                        : synonyms.get(0).source();
                described.add(new DescribedConfig(config, topicDefault(config), source, synonyms));
            } else {
                synonyms.add(0, new Synonym(config.name(), value, ConfigSource.DYNAMIC_TOPIC_CONFIG));
                described.add(new DescribedConfig(config, value, ConfigSource.DYNAMIC_TOPIC_CONFIG, synonyms));
            }
        }
        return described;
    }

    /** Every config of the broker, in the order of the catalogue. */
    public List<DescribedConfig> describeBroker() {
        List<DescribedConfig> described = new ArrayList<>();
        for (BrokerConfig config : BrokerConfigs.all()) {
            List<Synonym> synonyms = synonyms(config.name(), alike(config.name()));
            ConfigSource source = synonyms.isEmpty()
                    ? ConfigSource.DEFAULT_CONFIG
                    : synonyms.get(0).source();
            described.add(new DescribedConfig(
                    config, shown(config, value(config.name()).orElse(null)), source, synonyms));
        }
        return described;
    }

    /** The configs that are set on all brokers, and nothing else, as Kafka describes the broker without a name. */
    public List<DescribedConfig> describeClusterWide() {
        List<DescribedConfig> described = new ArrayList<>();
        for (BrokerConfig config : BrokerConfigs.all()) {
            String value = ofCluster.get(config.name());
            if (value != null) {
                ConfigSource source = ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG;
                String shown = shown(config, value);
                described.add(
                        new DescribedConfig(config, shown, source, List.of(new Synonym(config.name(), shown, source))));
            }
        }
        return described;
    }

    private static List<ServerName> alike(String name) {
        for (TopicConfig topic : TopicConfigs.all()) {
            if (topic.serverNames().stream().anyMatch(server -> server.name().equals(name))) {
                return topic.serverNames();
            }
        }
        return List.of(new ServerName(name, 1));
    }

    /**
     * As Kafka tells them: in every place by all of the names, but nothing before the first that is set under {@code name} itself. So the
     * default in hours is a synonym of the milliseconds only once these are set somewhere.
     */
    private List<Synonym> synonyms(String name, List<ServerName> names) {
        List<Synonym> found = new ArrayList<>();
        add(found, names, ofBroker::get, ConfigSource.DYNAMIC_BROKER_CONFIG);
        add(found, names, ofCluster::get, ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG);
        add(found, names, fixed::get, ConfigSource.STATIC_BROKER_CONFIG);
        add(found, names, ConfigLayers::defaultOf, ConfigSource.DEFAULT_CONFIG);
        return found.stream().dropWhile(synonym -> !synonym.name().equals(name)).toList();
    }

    private static @Nullable String defaultOf(String name) {
        return BrokerConfigs.find(name).orElseThrow().defaultValue();
    }

    private static void add(List<Synonym> found, List<ServerName> names, Layer layer, ConfigSource source) {
        for (ServerName name : names) {
            String value = layer.get(name.name());
            if (value != null) {
                BrokerConfig config = BrokerConfigs.find(name.name()).orElseThrow();
                found.add(new Synonym(config.name(), shown(config, value), source));
            }
        }
    }

    private interface Layer {
        @Nullable
        String get(String name);
    }

    /** What may be told of a value: nothing of a sensitive one. */
    static @Nullable String shown(BrokerConfig config, @Nullable String value) {
        return config.sensitive() ? null : value;
    }
}
