package io.naru.gateway.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.fake.FakeBroker;
import io.naru.gateway.fake.RunningGateway;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reading over HTTP, on the real servlet stack, in front of a broker in memory. */
class ReadHttpTest {

    private static final JsonMapper JSON = new JsonMapper();

    private static FakeBroker broker;
    private static RunningGateway gateway;

    private String topic;

    @BeforeAll
    static void start() {
        broker = FakeBroker.withTopic("warm", 1);
        gateway = RunningGateway.start(broker.bootstrap(), "--naru.gateway.read.keep-alive=300ms");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        broker.close();
    }

    @BeforeEach
    void freshTopic() {
        topic = "t" + System.nanoTime();
        broker.topic(topic, 2);
    }

    private void write(int partition, String value) {
        assertThat(gateway.post("/v1/topics/" + topic + "/partitions/" + partition + "/records", value)
                        .statusCode())
                .isEqualTo(201);
    }

    private String page(int partition) {
        return "/v1/topics/" + topic + "/partitions/" + partition + "/records";
    }

    private static List<Long> offsets(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        List<Long> offsets = new ArrayList<>();
        JSON.readTree(answer.body()).forEach(r -> offsets.add(r.get("offset").asLong()));
        return offsets;
    }

    @Test
    void pagesFollowEachOtherByTheirLinks() {
        for (int i = 0; i < 5; i++) {
            write(0, "v" + i);
        }
        HttpResponse<String> first = gateway.get(page(0) + "?offset=0&limit=2&value_format=text");
        assertThat(offsets(first)).containsExactly(0L, 1L);
        assertThat(first.headers().firstValue("Naru-Next-Offset")).hasValue("2");
        assertThat(first.headers().firstValue("Naru-High-Watermark")).hasValue("5");
        String link = first.headers().firstValue("Link").orElseThrow();
        assertThat(link).isEqualTo("<" + page(0) + "?offset=2&limit=2&value_format=text>; rel=\"next\"");
        HttpResponse<String> second = gateway.get(link.substring(1, link.indexOf('>')));
        assertThat(offsets(second)).containsExactly(2L, 3L);
        assertThat(JSON.readTree(second.body()).get(0).get("value").asString()).isEqualTo("v2");
        assertThat(offsets(gateway.get(page(0) + "?offset=4"))).containsExactly(4L);
        assertThat(offsets(gateway.get(page(0) + "?offset=5"))).isEmpty();
        assertThat(offsets(gateway.get(page(0)))).hasSize(5);
    }

    @Test
    void byTailByTimeAndUntil() {
        for (int i = 0; i < 5; i++) {
            assertThat(gateway.post(page(0) + "?timestamp=" + (1000 + i), "v" + i)
                            .statusCode())
                    .isEqualTo(201);
        }
        assertThat(offsets(gateway.get(page(0) + "?tail=2"))).containsExactly(3L, 4L);
        assertThat(offsets(gateway.get(page(0) + "?tail=99"))).hasSize(5);
        assertThat(offsets(gateway.get(page(0) + "?timestamp=1003"))).containsExactly(3L, 4L);
        assertThat(offsets(gateway.get(page(0) + "?timestamp=9999"))).isEmpty();
        assertThat(offsets(gateway.get(page(0) + "?offset=1&until=3"))).containsExactly(1L, 2L);
    }

    @Test
    void aPageThatCannotChangeMayBeCached() {
        for (int i = 0; i < 3; i++) {
            write(0, "v" + i);
        }
        HttpResponse<String> full = gateway.get(page(0) + "?offset=0&limit=2");
        String etag = full.headers().firstValue("ETag").orElseThrow();
        assertThat(full.headers().firstValue("Cache-Control").orElseThrow()).contains("immutable");
        write(0, "v3");
        HttpResponse<String> again = gateway.get(page(0) + "?offset=0&limit=2", "If-None-Match", etag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(gateway.get(page(0) + "?offset=0&limit=9").headers().firstValue("ETag"))
                .isEmpty();
    }

    @Test
    void atLeastOneRecordComesHoweverLarge() {
        write(0, "x".repeat(100_000));
        write(0, "small");
        HttpResponse<String> answer = gateway.get(page(0) + "?offset=0&max_bytes=10");
        assertThat(offsets(answer)).containsExactly(0L);
        assertThat(answer.body()).hasSizeGreaterThan(100_000);
        assertThat(offsets(gateway.get(page(0) + "?offset=1&max_bytes=10"))).containsExactly(1L);
    }

    @Test
    void onePoisonedRecordDoesNotHideItsNeighbours() {
        write(0, "{\"a\":1}");
        write(0, "poison");
        write(0, "{\"b\":2}");
        JsonNode records =
                JSON.readTree(gateway.get(page(0) + "?value_format=json").body());
        assertThat(records).hasSize(3);
        assertThat(records.get(0).at("/value/a").asInt()).isEqualTo(1);
        assertThat(records.get(1).at("/error/code").asInt()).isEqualTo(42203);
        assertThat(records.get(2).at("/value/b").asInt()).isEqualTo(2);
    }

    @Test
    void deletedOffsetsAre410AndFutureOnes416() {
        write(0, "a");
        write(0, "b");
        broker.log(topic, 0).deleteBelow(1);
        HttpResponse<String> gone = gateway.get(page(0) + "?offset=0");
        assertThat(gone.statusCode()).isEqualTo(410);
        assertThat(JSON.readTree(gone.body()).get("earliest_offset").asLong()).isEqualTo(1);
        HttpResponse<String> beyond = gateway.get(page(0) + "?offset=3");
        assertThat(beyond.statusCode()).isEqualTo(416);
        assertThat(JSON.readTree(beyond.body()).get("end_offset").asLong()).isEqualTo(2);
    }

    @Test
    void waitReturnsAsSoonAsThereIsSomething() throws Exception {
        CompletableFuture<HttpResponse<String>> waiting =
                CompletableFuture.supplyAsync(() -> gateway.get(page(1) + "?offset=0&wait=15s"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> gateway.bean(ReadServices.class).waiting().count() == 1);
        long before = System.nanoTime();
        write(1, "now");
        assertThat(offsets(waiting.get(10, TimeUnit.SECONDS))).containsExactly(0L);
        assertThat(System.nanoTime() - before).isLessThan(5_000_000_000L);
        assertThat(offsets(gateway.get(page(1) + "?offset=1&wait=50"))).isEmpty();
        assertThat(gateway.bean(ReadServices.class).waiting().count()).isZero();
    }

    @Test
    void oneRecordAsJsonOrAsItsBytes() throws Exception {
        write(0, "{\"a\":1}");
        assertThat(JSON.readTree(gateway.get(page(0) + "/0").body())
                        .at("/value/a")
                        .asInt())
                .isEqualTo(1);
        byte[] bytes = {0, 1, (byte) 0xff};
        gateway.post(page(0), bytes);
        HttpResponse<byte[]> raw = gateway.http()
                .send(
                        HttpRequest.newBuilder(gateway.uri(page(0) + "/1"))
                                .header("Accept", "application/octet-stream")
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        assertThat(raw.body()).isEqualTo(bytes);
        assertThat(gateway.get(page(0) + "/2").statusCode()).isEqualTo(404);
        assertThat(gateway.get(page(0) + "/x").statusCode()).isEqualTo(400);
    }

    @Test
    void aTopicReadEndsAtTheEndsItSaw() {
        write(0, "a");
        write(1, "b");
        write(0, "c");
        HttpResponse<String> answer = gateway.get("/v1/topics/" + topic + "/records?from=earliest");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/x-ndjson");
        List<JsonNode> records = answer.body().lines().map(JSON::readTree).toList();
        assertThat(records).extracting(r -> r.get("value").asString()).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(gateway.get("/v1/topics/" + topic + "/records?from=latest").body())
                .isEmpty();
        assertThat(gateway.get("/v1/topics/" + topic + "/records?from=0:1,1:1").body())
                .contains("\"c\"")
                .hasLineCount(1);
        assertThat(gateway.get("/v1/topics/" + topic + "/records?limit=2").body())
                .hasLineCount(2);
    }

    @Test
    void aPageIsFetchedInAboutItsOwnSize() {
        for (int i = 0; i < 300; i++) {
            write(0, "x".repeat(1000));
        }
        broker.largestFetch(topic);
        assertThat(gateway.get("/v1/topics/" + topic + "/partitions/0/records?limit=10")
                        .body())
                .hasSizeGreaterThan(10_000);
        assertThat(broker.largestFetch(topic)).as("ten records").isLessThanOrEqualTo(64 * 1024);
        assertThat(gateway.get("/v1/topics/" + topic + "/partitions/0/records?limit=300")
                        .body())
                .hasSizeGreaterThan(300_000);
        assertThat(broker.largestFetch(topic))
                .as("three hundred, told of their length by the first of them")
                .isBetween(100 * 1024, 512 * 1024);
    }

    private BufferedReader follow(String query, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.uri("/v1/topics/" + topic + "/records" + query));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<InputStream> answer =
                gateway.http().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    private static String next(BufferedReader in, String containing) throws IOException {
        String line = in.readLine();
        while (line != null && !line.contains(containing)) {
            line = in.readLine();
        }
        return line;
    }

    @Test
    void followGoesOn() throws Exception {
        write(0, "before");
        try (BufferedReader in = follow("?follow=true")) {
            for (int i = 0; i < 5; i++) {
                write(i % 2, "live" + i);
                assertThat(JSON.readTree(next(in, "offset")).get("value").asString())
                        .isEqualTo("live" + i);
            }
        }
    }

    @Test
    void manyFollowersCostOnePoll() throws Exception {
        List<BufferedReader> followers = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                followers.add(follow("?follow=true&from=latest"));
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> gateway.bean(ReadServices.class).waiting().count() >= 20);
            int before = broker.fetchRequests();
            for (int i = 0; i < 10; i++) {
                write(0, "v" + i);
                for (BufferedReader follower : followers) {
                    assertThat(next(follower, "offset")).contains("\"v" + i + "\"");
                }
            }
            assertThat(broker.fetchRequests() - before).isLessThan(20 * 10 / 2);
        } finally {
            for (BufferedReader follower : followers) {
                follower.close();
            }
        }
    }

    /** Text of a page is made in pieces of some 32 KB; who follows gets them all, in either form, once and in order. */
    @Test
    void aLargePageComesToFollowersWhole() throws Exception {
        try (BufferedReader lines = follow("?follow=true&from=latest");
                BufferedReader others = follow("?follow=true&from=latest");
                BufferedReader events = follow("?follow=true&from=latest", "Accept", "text/event-stream")) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> gateway.bean(ReadServices.class).waiting().count() >= 3);
            String many = "{\"value\":\"" + "x".repeat(1000) + "\"}\n";
            assertThat(gateway.post(
                                    "/v1/topics/" + topic + "/partitions/0/records",
                                    many.repeat(300),
                                    "Content-Type",
                                    "application/x-ndjson")
                            .statusCode())
                    .isEqualTo(200);
            for (int i = 0; i < 300; i++) {
                assertThat(JSON.readTree(next(lines, "offset")).get("offset").asLong())
                        .isEqualTo(i);
                assertThat(JSON.readTree(next(others, "offset")).get("offset").asLong())
                        .isEqualTo(i);
                assertThat(JSON.readTree(next(events, "data: ").substring(6))
                                .get("offset")
                                .asLong())
                        .isEqualTo(i);
            }
        }
    }

    @Test
    void eventsResumeExactlyFromTheirLastId() throws Exception {
        for (int i = 0; i < 6; i++) {
            write(i % 2, "v" + i);
        }
        List<String> seen = new ArrayList<>();
        String lastId = null;
        while (seen.size() < 6) {
            try (BufferedReader in = lastId == null
                    ? follow("?follow=true&from=earliest", "Accept", "text/event-stream")
                    : follow("?follow=true", "Accept", "text/event-stream", "Last-Event-ID", lastId)) {
                lastId = next(in, "id: ").substring(4);
                seen.add(JSON.readTree(next(in, "data: ").substring(6))
                        .get("value")
                        .asString());
            }
        }
        assertThat(seen).containsExactlyInAnyOrder("v0", "v1", "v2", "v3", "v4", "v5");
        assertThat(lastId).isEqualTo("0:3,1:3");
    }

    @Test
    void quietStreamsSayThatTheyAreAlive() throws Exception {
        try (BufferedReader in = follow("?follow=true", "Accept", "text/event-stream")) {
            assertThat(next(in, ": keep-alive")).isNotNull();
        }
    }

    @Test
    void whatRetentionTookIsSaidInTheStream() throws Exception {
        write(0, "a");
        write(0, "b");
        broker.log(topic, 0).deleteBelow(1);
        try (BufferedReader in = follow("?from=0:0,1:0")) {
            JsonNode problem = JSON.readTree(in.readLine());
            assertThat(problem.at("/error/code").asInt()).isEqualTo(41001);
            assertThat(problem.at("/error/earliest_offset").asLong()).isEqualTo(1);
            assertThat(JSON.readTree(in.readLine()).get("value").asString()).isEqualTo("b");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'/partitions/0/records?offset=-5', 400, 40001",
        "'/partitions/0/records?offset=abc', 400, 40001",
        "'/partitions/0/records?offset=9223372036854775808', 400, 40001",
        "'/partitions/0/records?offset=', 400, 40001",
        "'/partitions/0/records?offset=1&offset=2', 400, 40001",
        "'/partitions/0/records?offset=1&tail=2', 400, 40001",
        "'/partitions/0/records?limit=0', 400, 40001",
        "'/partitions/0/records?max_bytes=-1', 400, 40001",
        "'/partitions/0/records?wait=999999999', 400, 40001",
        "'/partitions/0/records?isolation=foo', 400, 40001",
        "'/partitions/0/records?value_format=xml', 400, 40001",
        "'/partitions/0/records?ofset=1', 400, 40001",
        "'/partitions/2/records', 404, 40402",
        "'/partitions/x/records', 404, 40402",
        "'/records?from=yesterday', 400, 40001",
        "'/records?from=0:1,0:2', 400, 40004",
        "'/records?from=7:1', 400, 40004",
        "'/records?follow=perhaps', 400, 40001",
    })
    void badReadsAreNamed(String path, int status, int code) {
        HttpResponse<String> answer = gateway.get("/v1/topics/" + topic + path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(JSON.readTree(answer.body()).get("code").asInt()).isEqualTo(code);
    }

    @Test
    void unknownTopicsAndTypes() {
        assertThat(gateway.get("/v1/topics/nope/records").statusCode()).isEqualTo(404);
        assertThat(gateway.get("/v1/topics/nope/partitions/0/records").statusCode())
                .isEqualTo(404);
        assertThat(gateway.get("/v1/topics/a%20b/records").statusCode()).isEqualTo(422);
        assertThat(gateway.get(page(0), "Accept", "application/xml").statusCode())
                .isEqualTo(406);
        assertThat(gateway.get(page(0), "Accept", "zzz").statusCode()).isEqualTo(406);
    }
}
