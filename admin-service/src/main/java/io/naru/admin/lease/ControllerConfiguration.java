package io.naru.admin.lease;

import io.micrometer.core.instrument.MeterRegistry;
import io.naru.admin.AdminProperties;
import io.naru.admin.controller.ControllerSettings;
import io.naru.admin.controller.LeaderBalanceSettings;
import io.naru.admin.metadata.MetadataStore;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The controller and what it needs. */
@Configuration(proxyBeanMethods = false)
class ControllerConfiguration {

    private static final Duration TICK = Duration.ofMillis(100);

    /** Name of the holder when H2 reads the file in this process: the file's lock keeps out every other, so a lease found there is our own. */
    private static final String EMBEDDED = "embedded";

    @Bean
    ImagePublisher imagePublisher() {
        return new ImagePublisher();
    }

    @Bean(destroyMethod = "close")
    ControllerThread controllerThread(
            AdminProperties properties, MetadataStore store, ImagePublisher publisher, MeterRegistry registry) {
        ControllerThread.Surroundings surroundings = new ControllerThread.Surroundings(
                store,
                () -> Uuid.randomUuid().toString(),
                () -> System.nanoTime() / 1_000_000,
                publisher,
                new ControllerMetrics(registry));
        return new ControllerThread(
                surroundings,
                new ControllerSettings(
                        properties.sessionTimeout().toMillis(),
                        properties.numPartitions(),
                        properties.defaultReplicationFactor(),
                        new ControllerSettings.OffsetsTopicSettings(
                                properties.offsetsTopicPartitions(), properties.offsetsTopicReplicationFactor()),
                        properties.maxPartitionsPerTopic(),
                        properties.maxPartitions(),
                        new LeaderBalanceSettings(
                                properties.leaderRebalance().enabled(),
                                properties.leaderRebalance().interval().toMillis(),
                                properties.leaderRebalance().percentage())),
                new LeaseSettings(
                        holder(properties),
                        properties.leaseDuration(),
                        properties.leaseDuration().dividedBy(4),
                        TICK));
    }

    private static String holder(AdminProperties properties) {
        return Optional.ofNullable(properties.instanceId())
                .orElseGet(() -> properties.database().url() == null
                        ? EMBEDDED
                        : UUID.randomUUID().toString());
    }

    @Bean
    ControllerLifecycle controllerLifecycle(ControllerThread controller) {
        return new ControllerLifecycle(controller);
    }

    /**
     * Asks for the lease while the rest of the service still starts, and has asked once before the service counts as started. Stops
     * in the highest phase, which is first: the web server drains only afterwards, when no long poll is left to wait for.
     */
    static final class ControllerLifecycle implements SmartLifecycle {

        private final ControllerThread controller;
        private final CompletableFuture<Void> asked;
        private volatile boolean running;

        ControllerLifecycle(ControllerThread controller) {
            this.controller = controller;
            this.asked = controller.start();
        }

        @Override
        public void start() {
            asked.join();
            running = true;
        }

        @Override
        public void stop() {
            running = false;
            controller.close();
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public int getPhase() {
            return SmartLifecycle.DEFAULT_PHASE;
        }
    }
}
