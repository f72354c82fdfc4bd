package io.naru.cluster.config;

/** Where a config can be set while the cluster runs. */
public enum ConfigScope {
    /** On a topic. */
    TOPIC,
    /** On all brokers, and on one broker in place of that. */
    CLUSTER_WIDE,
    /** On all brokers alike only: controller and leaders must count by the same value. */
    CLUSTER_ONLY,
    /** Nowhere: it is told to a service at its start. */
    READ_ONLY;

    /** Whether it can be set on all brokers at once. */
    public boolean dynamic() {
        return this == CLUSTER_WIDE || this == CLUSTER_ONLY;
    }
}
