package io.naru.admin.lease;

import io.naru.admin.lease.ImagePublisher.Published;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Down while no broker is alive; names those that are registered and fenced, which are dead, or not ready yet. What that does to
 * partitions is said by {@link PartitionsHealth}. Unknown where the controller is not active.
 */
@Component("brokersHealthIndicator")
class BrokersHealth implements HealthIndicator {

    private final ImagePublisher images;

    BrokersHealth(ImagePublisher images) {
        this.images = images;
    }

    @Override
    public Health health() {
        Optional<Published> current = images.current();
        if (current.isEmpty()) {
            return Health.unknown()
                    .withDetail("reason", "not the active controller")
                    .build();
        }
        ClusterImage image = current.get().image();
        List<Integer> live = ids(image, false);
        List<Integer> fenced = ids(image, true);
        Health.Builder health = live.isEmpty() ? Health.down() : Health.up();
        return health.withDetail("live", live).withDetail("fenced", fenced).build();
    }

    private static List<Integer> ids(ClusterImage image, boolean fenced) {
        return image.brokers().values().stream()
                .filter(broker -> broker.fenced() == fenced)
                .map(BrokerImage::id)
                .sorted()
                .toList();
    }
}
