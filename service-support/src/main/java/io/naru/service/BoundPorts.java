package io.naru.service;

import java.util.Map;
import java.util.TreeMap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.env.Environment;

/** Every port the service is bound to: {@code http}, {@code management}, and what its {@link ServicePorts} add. */
final class BoundPorts {

    private final Environment environment;
    private final ObjectProvider<ServicePorts> servicePorts;

    BoundPorts(Environment environment, ObjectProvider<ServicePorts> servicePorts) {
        this.environment = environment;
        this.servicePorts = servicePorts;
    }

    Map<String, Integer> now() {
        Map<String, Integer> ports = new TreeMap<>();
        put(ports, "http", "local.server.port");
        put(ports, "management", "local.management.port");
        servicePorts.forEach(source -> ports.putAll(source.ports()));
        return ports;
    }

    private void put(Map<String, Integer> ports, String name, String property) {
        Integer port = environment.getProperty(property, Integer.class);
        if (port != null) {
            ports.put(name, port);
        }
    }
}
