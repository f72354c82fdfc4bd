package io.naru.gateway.strict;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.fake.FakeBroker;
import io.naru.gateway.fake.RunningGateway;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A gateway that is told to stop answers what it has begun and takes nothing new. */
class DrainIT {

    @Test
    void whatWasBegunIsAnsweredBeforeTheGatewayStops() throws Exception {
        FakeBroker broker = FakeBroker.withTopic("t", 1);
        RunningGateway gateway = RunningGateway.start(broker.bootstrap());
        int port = gateway.port();
        CompletableFuture<Void> gate = new CompletableFuture<>();
        assertThat(gateway.post("/v1/topics/t/records", "warm").statusCode()).isEqualTo(201);
        HttpResponse<InputStream> events = gateway.http()
                .send(
                        HttpRequest.newBuilder(gateway.uri("/v1/topics/t/records?follow=true"))
                                .header("Accept", "text/event-stream")
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        CompletableFuture<HttpResponse<String>> poll = gateway.http()
                .sendAsync(
                        HttpRequest.newBuilder(gateway.uri("/v1/topics/t/partitions/0/records?offset=1&wait=60s"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        broker.holdAnswers(gate);
        CompletableFuture<HttpResponse<String>> write = gateway.http()
                .sendAsync(
                        HttpRequest.newBuilder(gateway.uri("/v1/topics/t/records"))
                                .POST(HttpRequest.BodyPublishers.ofString("held"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> broker.log("t", 0).end() == 2);
        CompletableFuture<Void> stopping = CompletableFuture.runAsync(gateway::close);
        String stream = readAll(events.body());
        assertThat(stream).contains("event: closing").contains("held");
        assertThat(poll.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> refusesConnections(port));
        assertThat(write.isDone()).isFalse();
        assertThat(stopping.isDone()).isFalse();
        gate.complete(null);
        assertThat(write.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(201);
        stopping.get(15, TimeUnit.SECONDS);
        broker.close();
    }

    private static String readAll(InputStream body) throws IOException {
        StringBuilder text = new StringBuilder();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            String line = reader.readLine();
            while (line != null) {
                text.append(line).append('\n');
                line = reader.readLine();
            }
        }
        return text.toString();
    }

    private static boolean refusesConnections(int port) throws Exception {
        try {
            java.net.http.HttpClient.newHttpClient()
                    .sendAsync(
                            HttpRequest.newBuilder(java.net.URI.create("http://127.0.0.1:" + port + "/v1/topics"))
                                    .timeout(Duration.ofMillis(500))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .get(2, TimeUnit.SECONDS);
            return false;
        } catch (ExecutionException refused) {
            return refused.getCause() instanceof ConnectException || refused.getCause() instanceof IOException;
        }
    }
}
