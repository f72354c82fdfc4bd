package io.naru.admin.metadata;

import jakarta.persistence.Embeddable;

/** A change of a cluster: the version of the image that shows it first, and its number among those of that version. */
@Embeddable
record ChangeKey(String clusterPath, long imageVersion, int ordinal) {}
