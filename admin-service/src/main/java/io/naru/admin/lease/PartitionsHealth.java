package io.naru.admin.lease;

import io.naru.admin.lease.ImagePublisher.Published;
import java.util.Optional;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Down while a partition has no leader; says how many are under-replicated. Unknown where the controller is not active. */
@Component("partitionsHealthIndicator")
class PartitionsHealth implements HealthIndicator {

    private final ImagePublisher images;

    PartitionsHealth(ImagePublisher images) {
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
        PartitionCounts counts = PartitionCounts.of(current.get().image());
        boolean led = counts.leaderless().isEmpty();
        Health.Builder health = (led ? Health.up() : Health.down())
                .withDetail("partitions", counts.all())
                .withDetail("leaderless", counts.leaderless().size())
                .withDetail("underReplicated", counts.underReplicated())
                .withDetail("underMinIsr", counts.underMinIsr())
                .withDetail("reassigning", counts.reassigning());
        return led
                ? health.build()
                : health.withDetail("leaderlessAmong", ClusterLog.examples(counts.leaderless()))
                        .withDetail(
                                "whatToDo",
                                "Start the brokers that hold them. If their disks are lost, elect another replica"
                                        + " (unclean), which loses what it does not have.")
                        .build();
    }
}
