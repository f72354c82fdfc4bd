package io.naru.service;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/** {@code GET /actuator/info}: which service this is, its version, ports and data directory. */
final class NaruInfo implements InfoContributor {

    private final String service;
    private final String version;
    private final Path dataDir;
    private final BoundPorts ports;

    NaruInfo(String service, String version, Path dataDir, BoundPorts ports) {
        this.service = service;
        this.version = version;
        this.dataDir = dataDir;
        this.ports = ports;
    }

    @Override
    public void contribute(Info.Builder builder) {
        Map<String, Object> naru = new LinkedHashMap<>();
        naru.put("service", service);
        naru.put("version", version);
        naru.put("ports", ports.now());
        naru.put("data-dir", dataDir.toAbsolutePath().normalize().toString());
        builder.withDetail("naru", naru);
    }
}
