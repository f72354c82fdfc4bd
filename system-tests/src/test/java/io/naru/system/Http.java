package io.naru.system;

import io.naru.system.api.Conformance;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A plain HTTP client for tests that send a lot, or that need to see headers. Every answer has to be as the API's documents say. Safe to
 * share between threads.
 */
final class Http {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final URI base;

    Http(URI base) {
        this.base = base;
    }

    /** Status, headers and body of one answer. */
    record Answer(HttpResponse<byte[]> response) {
        int status() {
            return response.statusCode();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        JsonNode json() {
            return JSON.readTree(response.body());
        }

        List<JsonNode> ndjson() {
            return text().lines()
                    .filter(line -> !line.isBlank())
                    .map(JSON::readTree)
                    .toList();
        }

        @Override
        public String toString() {
            return status() + " " + text();
        }
    }

    /** A GET; {@code headers} are names and values in turn. */
    Answer get(String path, String... headers) throws IOException {
        return send(request(path, headers).GET());
    }

    /** A POST. */
    Answer post(String path, byte[] body, String... headers) throws IOException {
        return send(request(path, headers).POST(BodyPublishers.ofByteArray(body)));
    }

    /** A POST of text. */
    Answer post(String path, String body, String... headers) throws IOException {
        return post(path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    /** A DELETE. */
    Answer delete(String path) throws IOException {
        return send(request(path).DELETE());
    }

    /** A PUT of JSON. */
    Answer put(String path, String json) throws IOException {
        return send(request(path, "Content-Type", "application/json").PUT(BodyPublishers.ofString(json)));
    }

    /** A DELETE; {@code headers} are names and values in turn. */
    Answer delete(String path, String... headers) throws IOException {
        return send(request(path, headers).DELETE());
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(60));
        return headers.length == 0 ? request : request.headers(headers);
    }

    private Answer send(HttpRequest.Builder request) throws IOException {
        try {
            Answer answer = new Answer(client.send(request.build(), BodyHandlers.ofByteArray()));
            conforms(answer);
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for an answer", e);
        }
    }

    private static void conforms(Answer answer) {
        HttpResponse<byte[]> response = answer.response();
        Conformance.check(new Conformance.Answer(
                response.request().method(),
                response.request().uri().getRawPath(),
                answer.status(),
                answer.header("Content-Type"),
                answer.text()));
    }
}
