package io.naru.admin.metadata;

import jakarta.persistence.Embeddable;

/** A broker or coordinator of a cluster. */
@Embeddable
record MemberKey(String clusterPath, int id) {}
