package io.naru.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a service writes into its run directory once it is bound:
 * {@code {"service":"broker","pid":123,"http":8083,"management":8083,"kafka":9092}}.
 *
 * @param pid of the process that hosts the service
 * @param httpPort of its own HTTP face
 * @param managementPort of its actuator
 * @param kafkaPort of its Kafka listener; 0 where there is none
 */
public record RunFile(NaruService service, long pid, int httpPort, int managementPort, int kafkaPort) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Reads {@code <runDir>/<service>.json}; empty while the service has not written it. */
    public static Optional<RunFile> read(Path runDir, NaruService service) {
        Path file = runDir.resolve(service.id() + ".json");
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            JsonNode json = JSON.readTree(file.toFile());
            return Optional.of(new RunFile(
                    service,
                    json.required("pid").asLong(),
                    json.required("http").asInt(),
                    json.required("management").asInt(),
                    json.path("kafka").asInt(0)));
        } catch (JacksonException e) {
            throw new IllegalStateException(file + " is not a run file; it must be written atomically", e);
        }
    }
}
