package io.naru.admin.metadata;

import jakarta.persistence.Embeddable;

/** A config set on a broker, or on all of them. */
@Embeddable
record BrokerConfigKey(String clusterPath, int brokerId, String name) {}
