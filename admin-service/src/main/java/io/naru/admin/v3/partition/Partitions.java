package io.naru.admin.v3.partition;

import io.naru.admin.v3.Location;
import jakarta.servlet.http.HttpServletRequest;

/** Where a topic's partitions are. */
final class Partitions {

    private Partitions() {}

    static Location of(String clusterId, String topicName, HttpServletRequest request) {
        return of(Location.cluster(request, clusterId), topicName);
    }

    static Location of(Location cluster, String topicName) {
        return cluster.collection("topics").child("topic", topicName).collection("partitions");
    }
}
