package io.naru.standalone;

import static java.util.Objects.requireNonNull;

import io.naru.service.ServicePorts;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * One of the four.
 *
 * @param name    its name
 * @param context its Spring context
 */
record RunningService(String name, ConfigurableApplicationContext context) {

    /** HTTP port it has bound. */
    int httpPort() {
        return requireNonNull(((WebServerApplicationContext) context).getWebServer(), "web server")
                .getPort();
    }

    /** Kafka port it has bound. */
    int kafkaPort() {
        return requireNonNull(context.getBean(ServicePorts.class).ports().get("kafka"), "kafka port");
    }

    /** Whether it can serve: its readiness health is up. */
    boolean ready() {
        try {
            HealthDescriptor readiness = context.getBean(HealthEndpoint.class).healthForPath("readiness");
            return readiness != null && Status.UP.equals(readiness.getStatus());
        } catch (IllegalStateException closedMeanwhile) {
            return false;
        }
    }
}
