package io.naru.gateway.consumer;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The consumer resource of the REST API, version 2.
 *
 * @param dialect         whose API it is where products differ, {@code confluent} or {@code strimzi}
 * @param baseUrl         where clients reach the gateways; unset, it is taken from each request and from what proxies add to it
 * @param topic           the compacted topic that instances are kept in; made when it is first needed
 * @param topicPartitions partitions it is made with
 * @param instancesMax    instances in all; beyond it 503
 * @param instanceTimeout how long an instance may be unused before it is deleted
 * @param requestTimeout  how long a read waits that does not say
 */
@ConfigurationProperties("naru.gateway.v2")
public record ConsumerProperties(
        @DefaultValue("confluent") ConsumerDialect dialect,
        @Nullable URI baseUrl,
        @DefaultValue("__naru_http_consumers") String topic,
        @DefaultValue("8") int topicPartitions,
        @DefaultValue("20000") int instancesMax,
        @DefaultValue("5m") Duration instanceTimeout,
        @DefaultValue("1s") Duration requestTimeout) {

    /** Checks the figures. */
    public ConsumerProperties {
        if (topicPartitions < 1 || instancesMax < 1) {
            throw new IllegalArgumentException(
                    "naru.gateway.v2: topic-partitions and instances-max must be positive numbers");
        }
        if (instanceTimeout.toMillis() < 1_000 || instanceTimeout.toMillis() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("naru.gateway.v2.instance-timeout must be between 1s and 24d");
        }
        if (requestTimeout.isNegative()) {
            throw new IllegalArgumentException("naru.gateway.v2.request-timeout must not be negative");
        }
    }

    boolean isStrimzi() {
        return dialect == ConsumerDialect.STRIMZI;
    }

    /** Unused for so long, it is gone. Instances say that they are used a little later than they are. */
    long expiryMs() {
        return instanceTimeout.toMillis() + touchMs();
    }

    /** How often a used instance says so. */
    long touchMs() {
        return instanceTimeout.toMillis() / 8;
    }
}
