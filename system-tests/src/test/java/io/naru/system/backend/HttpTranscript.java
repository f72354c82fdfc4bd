package io.naru.system.backend;

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
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls a gateway and notes what it answers, free of everything that differs from run to run. */
final class HttpTranscript {

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final List<String> HEADERS = List.of(
            "Content-Type",
            "Location",
            "Link",
            "ETag",
            "Cache-Control",
            "Allow",
            "Retry-After",
            "Naru-Next-Offset",
            "Naru-High-Watermark",
            "Idempotency-Replayed");

    /** What differs from run to run, and what is noted instead. */
    private static final Map<Pattern, String> FREE = free();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final URI base;
    private final String cluster;
    private final List<String> lines = new ArrayList<>();

    HttpTranscript(URI base, String cluster) {
        this.base = base;
        this.cluster = cluster;
    }

    private static Map<Pattern, String> free() {
        Map<Pattern, String> free = new LinkedHashMap<>();
        free.put(Pattern.compile("1[6-9]\\d{11}"), "<ms>");
        free.put(Pattern.compile("20\\d\\d-\\d\\d-\\d\\dT[\\d:.]+Z"), "<time>");
        free.put(Pattern.compile("(\"id\":)\"[\\w-]{22}\""), "$1\"<uuid>\"");
        free.put(Pattern.compile("(\"cursor\":)\"[^\"]+\""), "$1\"<cursor>\"");
        free.put(Pattern.compile("(\"member\":)\"[^\"]+\""), "$1\"<member>\"");
        free.put(Pattern.compile("(\"producer_id\":)\\d+"), "$1<pid>");
        free.put(Pattern.compile("/members/[\\w-]+"), "/members/<member>");
        free.put(Pattern.compile("http://[^/\"\\s]+"), "<base>");
        return free;
    }

    /** The id of the cluster, for paths that name it. */
    String cluster() {
        return cluster;
    }

    /** A GET, noted. */
    JsonNode get(String path, String... headers) throws IOException {
        return call("GET", path, null, headers);
    }

    /** A POST, noted. */
    JsonNode post(String path, String body, String... headers) throws IOException {
        return call("POST", path, body, headers);
    }

    /** A POST of JSON, noted. */
    JsonNode json(String path, String body) throws IOException {
        return call("POST", path, body, "Content-Type", "application/json");
    }

    /** Any call, noted; the body as JSON when it is one value. */
    JsonNode call(String method, String path, @Nullable String body, String... headers) throws IOException {
        HttpResponse<String> answer = send(method, path, body, headers);
        note(method + " " + path, answer);
        return json(answer);
    }

    /** A call that is made until its answer has {@code wanted} in it, for half a minute; the last answer is noted. */
    JsonNode until(String wanted, String method, String path, @Nullable String body, String... headers)
            throws IOException {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (true) {
            HttpResponse<String> answer = send(method, path, body, headers);
            if (answer.body().contains(wanted) || System.nanoTime() > deadline) {
                note(method + " " + path, answer);
                return json(answer);
            }
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        String type = answer.headers().firstValue("Content-Type").orElse("");
        boolean one = type.contains("json")
                && !type.contains("ndjson")
                && !answer.body().isBlank();
        return one ? JSON.readTree(answer.body()) : JSON.missingNode();
    }

    private HttpResponse<String> send(String method, String path, @Nullable String body, String... headers)
            throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(60));
        if (headers.length > 0) {
            request.headers(headers);
        }
        request.method(
                method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        try {
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            Conformance.check(new Conformance.Answer(
                    method,
                    path,
                    answer.statusCode(),
                    answer.headers().firstValue("Content-Type").orElse(null),
                    answer.body()));
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for an answer", e);
        }
    }

    private void note(String call, HttpResponse<String> answer) {
        StringBuilder line = new StringBuilder(call).append(" → ").append(answer.statusCode());
        for (String header : HEADERS) {
            answer.headers()
                    .firstValue(header)
                    .ifPresent(
                            value -> line.append(" ").append(header).append("=").append(value));
        }
        lines.add(freed(line + " " + answer.body().strip()));
    }

    private String freed(String text) {
        String freed = text.replace(cluster, "<cluster>");
        for (Map.Entry<Pattern, String> one : FREE.entrySet()) {
            freed = one.getKey().matcher(freed).replaceAll(one.getValue());
        }
        return freed;
    }

    /** The lines so far, in order. */
    List<String> lines() {
        return Collections.unmodifiableList(lines);
    }
}
