package io.naru.testkit;

import java.util.List;
import java.util.Locale;

/** The four services, by the names they have in run files, property names and module names. */
public enum NaruService {
    /** The controller, and the REST face for administration. */
    ADMIN,
    /** The logs; listens for Kafka clients. */
    BROKER,
    /** Groups and offsets; listens for Kafka clients. */
    COORDINATOR,
    /** The HTTP face for records; its management endpoints have a port of their own. */
    GATEWAY;

    /** As in {@code broker.json} and {@code naru.broker.*}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** As in {@code broker-service/target/broker-service-*-exec.jar}. */
    public String module() {
        return id() + "-service";
    }

    /** The port properties this service reads, HTTP first. */
    List<String> portProperties() {
        return switch (this) {
            case ADMIN -> List.of("naru.admin.port");
            case BROKER -> List.of("naru.broker.port", "naru.broker.kafka.port");
            case COORDINATOR -> List.of("naru.coordinator.port", "naru.coordinator.kafka.port");
            case GATEWAY -> List.of("naru.gateway.port", "naru.gateway.management-port");
        };
    }
}
