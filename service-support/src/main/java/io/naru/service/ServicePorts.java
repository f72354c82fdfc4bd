package io.naru.service;

import java.util.Map;

/**
 * Ports that a service has bound beside its web server. A service publishes them as a bean of this type; they are asked for once the
 * application is ready, and go into the run file and the actuator's {@code naru} info.
 */
@FunctionalInterface
public interface ServicePorts {

    /** Bound ports by name, {@code kafka} for a Kafka listener. */
    Map<String, Integer> ports();
}
