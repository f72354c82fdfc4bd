package io.naru.admin;

import io.naru.cluster.control.ControlPlaneClient;
import io.naru.service.NaruService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real admin-service on a free port. */
public final class AdminServer implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final ConfigurableApplicationContext context;
    private final HttpClient http = HttpClient.newHttpClient();

    /** Starts it over {@code dataDir}. */
    public AdminServer(Path dataDir, String... properties) {
        List<String> args = new ArrayList<>(List.of("--naru.data-dir=" + dataDir, "--naru.admin.port=0"));
        args.addAll(List.of(properties));
        context = NaruService.run(AdminApplication.class, "admin", args.toArray(String[]::new));
    }

    /** Where it listens. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port"));
    }

    /** A bean of it. */
    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** A bean of it, by name. */
    public <T> T bean(String name, Class<T> type) {
        return context.getBean(name, type);
    }

    /** A client of its control plane. */
    public ControlPlaneClient controlPlane() {
        return new ControlPlaneClient(List.of(url()));
    }

    /**
     * An answer.
     *
     * @param status HTTP status
     * @param text   body
     * @param raw    everything else
     */
    public record Answer(int status, String text, HttpResponse<String> raw) {

        /** The body as JSON. */
        public JsonNode json() {
            return JSON.readTree(text);
        }

        /** A header, or null. */
        public @Nullable String header(String name) {
            return raw.headers().firstValue(name).orElse(null);
        }
    }

    /** {@code GET path}. */
    public Answer get(String path) {
        return send(request(path).build());
    }

    /** {@code DELETE path}. */
    public Answer delete(String path) {
        return send(request(path).DELETE().build());
    }

    /** {@code POST path} with JSON. */
    public Answer post(String path, String json) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build());
    }

    /** Any method, with JSON. */
    public Answer send(String method, String path, String json) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(json))
                .build());
    }

    /** A request to {@code path}. */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url() + path));
    }

    /** Sends {@code request}. */
    public Answer send(HttpRequest request) {
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body(), response);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
