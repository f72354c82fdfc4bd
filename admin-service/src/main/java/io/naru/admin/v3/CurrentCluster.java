package io.naru.admin.v3;

import io.naru.admin.lease.ImagePublisher;
import io.naru.admin.lease.NotActiveException;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.TopicImage;
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
}
