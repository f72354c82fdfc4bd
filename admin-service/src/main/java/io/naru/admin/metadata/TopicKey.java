package io.naru.admin.metadata;

import jakarta.persistence.Embeddable;

/** A topic of a cluster. */
@Embeddable
record TopicKey(String clusterPath, String name) {}
