package io.naru.cluster;

import java.util.List;
import java.util.Map;

/**
 * A topic. The id tells a topic from an earlier one of the same name (KIP-516).
 *
 * @param name       1–249 characters of {@code [a-zA-Z0-9._-]}
 * @param topicId    Kafka's URL-safe base64 form of a UUID, 22 characters
 * @param configs    configs set on the topic itself, by Kafka's names; defaults are not listed
 * @param partitions in order of their index, without gaps
 */
public record TopicImage(String name, String topicId, Map<String, String> configs, List<PartitionImage> partitions) {

    /** The internal topic that holds consumer groups. */
    public static final String CONSUMER_OFFSETS = "__consumer_offsets";

    /** The internal topic that holds transactions. */
    public static final String TRANSACTION_STATE = "__transaction_state";

    /** The internal topic in which gateways keep the consumers of their clients, unless they are told another. */
    public static final String HTTP_CONSUMERS = "__naru_http_consumers";

    /** Copies configs and partitions; partition {@code i} must stand at place {@code i}. */
    public TopicImage {
        configs = Map.copyOf(configs);
        partitions = List.copyOf(partitions);
        for (int i = 0; i < partitions.size(); i++) {
            if (partitions.get(i).partition() != i) {
                throw new IllegalArgumentException(
                        "topic " + name + ": partition " + partitions.get(i).partition() + " stands at place " + i);
            }
        }
    }

    /** True for topics that belong to Naru: clients may read them, never delete them or take records out of them. */
    public boolean internal() {
        return isInternal(name);
    }

    /** Whether {@code name} is that of an internal topic. */
    public static boolean isInternal(String name) {
        return isReserved(name) || HTTP_CONSUMERS.equals(name);
    }

    /** Whether {@code name} is that of an internal topic which clients may not create or write either; to a broker gateways are clients. */
    public static boolean isReserved(String name) {
        return CONSUMER_OFFSETS.equals(name) || TRANSACTION_STATE.equals(name);
    }

    /** Replication factor: that of the first partition. */
    public int replicationFactor() {
        return partitions.isEmpty() ? 0 : partitions.get(0).replicas().size();
    }
}
