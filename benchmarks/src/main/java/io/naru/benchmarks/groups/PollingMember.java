package io.naru.benchmarks.groups;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A member over HTTP that asks again and again, and acknowledges with each question what it was given before. */
final class PollingMember {

    private static final Pattern CURSOR = Pattern.compile("\"cursor\":\"([^\"]+)\"");
    private static final Pattern MEMBER = Pattern.compile("\"member\":\"([^\"]+)\"");
    private static final Pattern ASSIGNMENT = Pattern.compile("\"assignment\":\\[([^\\]]*)\\]");

    private final HttpClient http;
    private final String base;
    private final String topic;
    private final int sessionTimeoutMs;
    private volatile @Nullable String cursor;
    private volatile @Nullable String member;
    private volatile int partitions;

    PollingMember(HttpClient http, URI gateway, String group, String topic, int sessionTimeoutMs) {
        this.http = http;
        this.base = gateway + "/v1/groups/" + group;
        this.topic = topic;
        this.sessionTimeoutMs = sessionTimeoutMs;
    }

    /** Asks once; the answer may be a refusal, which a later call gets over. */
    CompletableFuture<Void> poll(int waitMs) {
        String where = cursor == null ? "\"topics\":[\"" + topic + "\"]" : "\"ack\":\"" + cursor + "\"";
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/poll"))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{" + where + ",\"wait_ms\":" + waitMs + ",\"session_timeout_ms\":"
                        + sessionTimeoutMs + ",\"from\":\"earliest\",\"max_records\":100}"))
                .build();
        return http.sendAsync(request, BodyHandlers.ofString()).thenAccept(this::take);
    }

    private void take(HttpResponse<String> answer) {
        if (answer.statusCode() != 200) {
            return;
        }
        cursor = found(CURSOR, answer.body());
        member = found(MEMBER, answer.body());
        String assignment = found(ASSIGNMENT, answer.body());
        partitions = assignment == null || assignment.isEmpty() ? 0 : assignment.split("\"partition\"", -1).length - 1;
    }

    private static @Nullable String found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : null;
    }

    /** How many partitions it had in its last answer. */
    int partitions() {
        return partitions;
    }

    /** Leaves the group. */
    void leave() throws IOException, InterruptedException {
        http.send(
                HttpRequest.newBuilder(URI.create(base + "/members/" + member))
                        .DELETE()
                        .build(),
                BodyHandlers.discarding());
    }
}
