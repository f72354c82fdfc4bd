package io.naru.gateway.topic;

import io.naru.gateway.GatewayApplication;
import io.naru.gateway.fake.FakeBroker;
import io.naru.service.NaruService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole gateway on a free port over a broker in memory that takes admin calls, too. */
public final class GatewayFixture implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final FakeBroker broker = new FakeBroker();
    private final FakeAdmin admin = new FakeAdmin(broker);
    private final ConfigurableApplicationContext context;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;

    /** Starts both. */
    public GatewayFixture(String... properties) {
        broker.start();
        List<String> args = new ArrayList<>(List.of(
                "--naru.gateway.port=0",
                "--naru.gateway.management-port=0",
                "--naru.gateway.bootstrap=" + broker.bootstrap()));
        args.addAll(List.of(properties));
        context = NaruService.run(GatewayApplication.class, "gateway", args.toArray(String[]::new));
        url = "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port");
    }

    /** The broker behind it. */
    public FakeBroker broker() {
        return broker;
    }

    FakeAdmin admin() {
        return admin;
    }

    /**
     * An answer.
     *
     * @param status HTTP status
     * @param text   body
     * @param raw    everything else
     */
    public record Answer(int status, String text, HttpResponse<byte[]> raw) {

        static Answer of(HttpResponse<byte[]> raw) {
            return new Answer(raw.statusCode(), new String(raw.body(), StandardCharsets.UTF_8), raw);
        }

        /** The body as JSON. */
        public JsonNode json() {
            return JSON.readTree(text);
        }

        /** A header, or the empty string. */
        public String header(String name) {
            return raw.headers().firstValue(name).orElse("");
        }
    }

    /** {@code GET}; headers are pairs of name and value. */
    public Answer get(String path, String... headers) {
        return send(request(path, headers).build());
    }

    /** {@code DELETE}. */
    public Answer delete(String path) {
        return send(request(path).DELETE().build());
    }

    /** {@code PUT} with JSON. */
    public Answer put(String path, String body) {
        return send(request(path).PUT(BodyPublishers.ofString(body)).build());
    }

    /** {@code POST}. */
    public Answer post(String path, String body, String... headers) {
        return send(request(path, headers).POST(BodyPublishers.ofString(body)).build());
    }

    /** {@code POST} that is not waited for. */
    public CompletableFuture<Answer> postAsync(String path, String body, String... headers) {
        HttpRequest request =
                request(path, headers).POST(BodyPublishers.ofString(body)).build();
        return http.sendAsync(request, BodyHandlers.ofByteArray()).thenApply(Answer::of);
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(30));
        return headers.length == 0 ? request : request.headers(headers);
    }

    private Answer send(HttpRequest request) {
        try {
            return Answer.of(http.send(request, BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        context.close();
        broker.close();
    }
}
