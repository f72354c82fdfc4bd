package io.naru.admin.metadata;

import jakarta.persistence.Embeddable;

/** A config set on a topic. */
@Embeddable
record TopicConfigKey(String clusterPath, String topic, String name) {}
