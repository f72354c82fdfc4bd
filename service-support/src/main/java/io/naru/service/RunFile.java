package io.naru.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells whoever started the service which ports it got: {@code <run-dir>/<service>.json}, for example
 * {@code {"service":"broker","pid":4711,"http":40123,"kafka":40125,"management":40123}}. Appears whole once the service is ready,
 * goes away when it stops cleanly.
 */
final class RunFile implements ApplicationListener<ApplicationReadyEvent>, DisposableBean, Ordered {

    private static final Logger log = LoggerFactory.getLogger(RunFile.class);

    private final Path file;
    private final String service;
    private final BoundPorts ports;
    private volatile boolean written;

    RunFile(Path runDir, String service, BoundPorts ports) {
        this.file = runDir.resolve(service + ".json");
        this.service = service;
        this.ports = ports;
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent ready) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("service", service);
        content.put("pid", ProcessHandle.current().pid());
        content.putAll(ports.now());
        Path unfinished = file.resolveSibling(service + ".json.tmp");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(unfinished, new JsonMapper().writeValueAsBytes(content));
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(
                    "cannot write the run file " + file + "; set naru.run-dir to a writable directory", unwritable);
        }
        written = true;
    }

    @Override
    public void destroy() {
        if (written) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException stays) {
                log.atWarn()
                        .addKeyValue("file", file)
                        .addKeyValue("cause", stays.toString())
                        .log("Cannot remove the run file");
            }
        }
    }

    /** After every other listener: a service may still bind ports when it becomes ready. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
