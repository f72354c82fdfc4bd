package io.naru.gateway.topic;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a topic is asked to be.
 *
 * @param partitions        how many, or {@link #CLUSTER_DEFAULT}
 * @param replicationFactor replicas of each, or {@link #CLUSTER_DEFAULT}
 * @param configs           by name, as text
 */
public record TopicSpec(int partitions, short replicationFactor, Map<String, String> configs) {

    /** The cluster decides. */
    public static final int CLUSTER_DEFAULT = -1;

    /** Copies the configs and keeps their order. */
    public TopicSpec {
        configs = Collections.unmodifiableMap(new LinkedHashMap<>(configs));
    }
}
