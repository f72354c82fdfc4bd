package io.naru.admin.lease;

import io.naru.admin.lease.ImagePublisher.Published;
import java.util.Optional;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Up while this admin-service holds the lease and has the image; part of readiness. */
@Component("controllerHealthIndicator")
class ControllerHealth implements HealthIndicator {

    private final ImagePublisher images;

    ControllerHealth(ImagePublisher images) {
        this.images = images;
    }

    @Override
    public Health health() {
        Optional<Published> current = images.current();
        if (current.isEmpty()) {
            return Health.outOfService()
                    .withDetail("reason", "not the active controller")
                    .build();
        }
        return Health.up()
                .withDetail("clusterId", current.get().image().clusterId())
                .withDetail("controllerEpoch", current.get().image().controllerEpoch())
                .withDetail("imageVersion", current.get().image().version())
                .build();
    }
}
