package io.naru.system.ledger;

import io.naru.system.api.Conformance;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A balancer that knows nothing: each request goes to the next of its servers, one that cannot be reached is passed over. */
final class RoundRobin {

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final List<URI> servers;
    private final AtomicInteger turn = new AtomicInteger();

    RoundRobin(List<URI> servers) {
        this.servers = List.copyOf(servers);
    }

    /** Status and body of an answer; whoever asked may have to ask again when there is none. */
    record Answer(int status, String text) {}

    /**
     * Asks the next server.
     *
     * @throws IOException when it died while it was asked
     */
    Answer send(String method, String path, String body) throws IOException {
        URI server = servers.get(Math.floorMod(turn.getAndIncrement(), servers.size()));
        HttpRequest request = HttpRequest.newBuilder(URI.create(server + path))
                .timeout(Duration.ofSeconds(30))
                .header(
                        "Content-Type",
                        path.startsWith("/consumers") ? "application/vnd.kafka.v2+json" : "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build();
        try {
            var answer = client.send(request, BodyHandlers.ofString());
            Conformance.check(new Conformance.Answer(
                    method,
                    path,
                    answer.statusCode(),
                    answer.headers().firstValue("Content-Type").orElse(null),
                    answer.body()));
            return new Answer(answer.statusCode(), answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
