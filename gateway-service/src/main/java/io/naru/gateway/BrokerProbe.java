package io.naru.gateway;

import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.MetadataCache;
import io.netty.util.Timer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Ready means: a broker answered lately. Asks in the background, often until the first answer and now and then after it, so that health
 * never waits for a broker.
 */
final class BrokerProbe implements HealthIndicator, InitializingBean, DisposableBean {

    private static final long EAGER_MS = 100;
    private static final long CALM_MS = 5_000;
    private static final long DOUBT_MS = 500;
    private static final int MISSES_MAX = 3;

    private final KafkaClient client;
    private final MetadataCache metadata;
    private final Timer timer;
    private volatile int misses = MISSES_MAX;
    private volatile @Nullable String lastError = "no broker has answered yet";
    private volatile boolean stopped;

    BrokerProbe(KafkaClient client, MetadataCache metadata, Timer timer) {
        this.client = client;
        this.metadata = metadata;
        this.timer = timer;
    }

    @Override
    public void afterPropertiesSet() {
        ask();
    }

    @Override
    public void destroy() {
        stopped = true;
    }

    private void ask() {
        if (stopped) {
            return;
        }
        // Through the cache where nothing is known yet, so that it learns the nodes and the cluster's id.
        if (metadata.clusterId().isEmpty()) {
            metadata.allTopics().whenComplete((topics, error) -> answered(error));
        } else {
            client.send(metadata.anyNode(), new MetadataRequestData().setTopics(List.of()), MetadataResponseData.class)
                    .whenComplete((answer, error) -> answered(error));
        }
    }

    private void answered(@Nullable Throwable error) {
        long next;
        if (error == null) {
            misses = 0;
            lastError = null;
            next = CALM_MS;
        } else {
            misses = Math.min(MISSES_MAX, misses + 1);
            lastError = String.valueOf(
                    error.getCause() == null
                            ? error.getMessage()
                            : error.getCause().getMessage());
            next = misses < MISSES_MAX ? DOUBT_MS : EAGER_MS;
        }
        if (!stopped) {
            timer.newTimeout(t -> ask(), next, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public Health health() {
        if (misses < MISSES_MAX) {
            return Health.up()
                    .withDetail("cluster", metadata.clusterId().orElse("unknown"))
                    .withDetail("brokers", metadata.nodes().size())
                    .build();
        }
        return Health.down()
                .withDetail("error", String.valueOf(lastError))
                .withDetail("brokers", metadata.nodes().toString())
                .build();
    }
}
