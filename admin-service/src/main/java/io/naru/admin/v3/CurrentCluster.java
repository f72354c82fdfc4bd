package io.naru.admin.v3;

import io.naru.admin.lease.ImagePublisher;
import io.naru.admin.lease.NotActiveException;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.CoordinatorImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The cluster that requests are about: as the controller committed it last. */
@Component
public class CurrentCluster {

    private final ImagePublisher images;

    CurrentCluster(ImagePublisher images) {
        this.images = images;
    }

    /** The cluster, whatever its id. */
    public ClusterImage image() {
        return images.current()
                .orElseThrow(() -> new NotActiveException("This admin-service is not the active controller."))
                .image();
    }

    /** The cluster, if its id is the one in the path; else 404. */
    public ClusterImage image(String clusterId) {
        ClusterImage image = image();
        if (!image.clusterId().equals(clusterId)) {
            throw V3Exception.notFound(
                    "There is no cluster '" + clusterId + "' here; GET /v3/clusters names the one that is.");
        }
        return image;
    }

    /** A topic of the cluster; 404/40403 if there is none. */
    public TopicImage topic(String clusterId, String topic) {
        return image(clusterId).topic(topic).orElseThrow(() -> V3Exception.unknownTopic(topic));
    }

    /** A partition of the cluster; 404/40403 if there is no such topic, 404/40402 if it has no such partition. */
    public PartitionImage partition(String clusterId, String topicName, int partition) {
        TopicImage topic = topic(clusterId, topicName);
        if (partition < 0 || partition >= topic.partitions().size()) {
            throw V3Exception.unknownPartition(topicName, partition);
        }
        return topic.partitions().get(partition);
    }

    /** Refuses with 404 an id that is neither a registered broker's nor, as clients see it, a live coordinator's. */
    public void node(String clusterId, int nodeId) {
        ClusterImage image = image(clusterId);
        if (!image.brokers().containsKey(nodeId) && coordinator(image, nodeId).isEmpty()) {
            throw V3Exception.notFound("There is no broker " + nodeId + ".");
        }
    }

    /** The live coordinator that clients see under a node id. */
    public static Optional<CoordinatorImage> coordinator(ClusterImage image, int nodeId) {
        return Optional.ofNullable(image.coordinators().get(nodeId - CoordinatorImage.NODE_ID_BASE))
                .filter(CoordinatorImage::alive);
    }
}
