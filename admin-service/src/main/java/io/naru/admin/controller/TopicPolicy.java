package io.naru.admin.controller;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.config.TopicConfig;
import io.naru.cluster.config.TopicConfigs;

/**
 * The configs of a topic on which elections depend.
 *
 * @param minInSyncReplicas {@code min.insync.replicas}
 * @param uncleanElection   {@code unclean.leader.election.enable}
 */
record TopicPolicy(int minInSyncReplicas, boolean uncleanElection) {

    static final String MIN_IN_SYNC_REPLICAS = "min.insync.replicas";
    private static final String UNCLEAN_ELECTION = "unclean.leader.election.enable";

    /** As set on the topic, else on the whole cluster, else by default. */
    static TopicPolicy of(TopicImage topic, ClusterImage image) {
        return new TopicPolicy(
                value(MIN_IN_SYNC_REPLICAS, topic, image) instanceof Integer min ? min : 1,
                Boolean.TRUE.equals(value(UNCLEAN_ELECTION, topic, image)));
    }

    private static Object value(String name, TopicImage topic, ClusterImage image) {
        TopicConfig config = TopicConfigs.find(name).orElseThrow();
        String onCluster = image.configs().getOrDefault(name, config.defaultValue());
        return config.parse(topic.configs().getOrDefault(name, onCluster));
    }
}
