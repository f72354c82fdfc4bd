package io.naru.system.fault;

import io.naru.system.api.Conformance;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruService;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writers and readers of one topic over HTTP, who know several gateways and go on to the next when one does not answer: producers that count
 * ({@code Producer-Seq}), producers with keys ({@code Idempotency-Key}), both of whom ask again until they have an answer, and producers
 * without an identity, who ask once. Whatever is answered with 2xx is acknowledged; anything else may be stored once, or not.
 */
final class HttpWorkload implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final int EACH = 2;
    private static final int READERS = 2;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final NaruCluster naru;
    private final String topic;
    private final int partitions;
    private final List<URI> gateways;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final ExecutorService threads = Executors.newFixedThreadPool(3 * EACH + READERS);
    private final List<Future<?>> writers = new ArrayList<>();
    private final List<Future<?>> readers = new ArrayList<>();
    private final ConcurrentLinkedQueue<Write> writes = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> storedSomewhere = new ConcurrentLinkedQueue<>();
    private final List<ConcurrentLinkedQueue<Seen>> seen = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> refusals = new ConcurrentLinkedQueue<>();
    private final AtomicInteger askedAgain = new AtomicInteger();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final Acks acks = new Acks();
    private volatile boolean writing = true;
    private volatile boolean reading = true;

    private HttpWorkload(NaruCluster naru, String topic, int partitions) {
        this.naru = naru;
        this.topic = topic;
        this.partitions = partitions;
        this.gateways =
                naru.nodes(NaruService.GATEWAY).stream().map(naru::httpUrl).toList();
    }

    /** Starts writing to and reading from a topic that exists. */
    static HttpWorkload start(NaruCluster naru, String topic, int partitions) throws IOException {
        HttpWorkload workload = new HttpWorkload(naru, topic, partitions);
        for (int i = 0; i < EACH; i++) {
            workload.begin(i, workload.counting());
            workload.begin(10 + i, (partition, number, value) -> Map.of("Idempotency-Key", value));
            workload.begin(20 + i, null);
        }
        for (int reader = 0; reader < READERS; reader++) {
            int id = reader;
            workload.seen.add(new ConcurrentLinkedQueue<>());
            workload.readers.add(workload.threads.submit(() -> workload.read(id)));
        }
        return workload;
    }

    private record Call(String method, String path, String body, Map<String, String> headers) {}

    /** The headers that make a record recognisable when it comes again. */
    private interface Identity {
        Map<String, String> headers(int partition, int number, String value);
    }

    private Identity counting() throws IOException {
        HttpResponse<String> made = send(0, new Call("POST", "/v1/producers", "", Map.of()));
        JsonNode producer = JSON.readTree(made.body());
        String id = producer.required("producer_id").asString();
        String epoch = producer.required("producer_epoch").asString();
        return (partition, number, value) ->
                Map.of("Producer-Id", id, "Producer-Epoch", epoch, "Producer-Seq", Integer.toString(number));
    }

    private void begin(int writer, @Nullable Identity identity) {
        writers.add(threads.submit(() -> write(writer, identity)));
    }

    /** Waits until {@code count} more writes have been acknowledged. */
    void awaitAcks(int count) {
        acks.await(count, FaultCluster.PROGRESS, () -> "refused: " + refusals);
    }

    /** Acknowledged writes, those that were asked again for, and those without an answer. */
    String figures() {
        return acks.count() + " acknowledged, " + askedAgain + " asked again, " + unanswered
                + " left without an answer, longest time without one "
                + acks.longestSilence().toMillis() + " ms";
    }

    void startMeasuringSilence() {
        acks.startMeasuringSilence();
    }

    /** Requests that were answered with what no fault explains. */
    List<String> refusals() {
        return List.copyOf(refusals);
    }

    /** Stops, reads everything that is there, and gives all that is wrong. */
    List<Anomaly> stopAndCheck() throws Exception {
        writing = false;
        for (Future<?> writer : writers) {
            writer.get(120, TimeUnit.SECONDS);
        }
        List<Seen> last = Stored.read(naru, topic, partitions);
        reading = false;
        for (Future<?> reader : readers) {
            reader.get(60, TimeUnit.SECONDS);
        }
        List<Seen> all = new ArrayList<>();
        seen.forEach(all::addAll);
        List<Anomaly> anomalies = new ArrayList<>(Checker.check(List.copyOf(writes), all, last));
        Set<String> there = last.stream().map(Seen::value).collect(Collectors.toSet());
        storedSomewhere.stream()
                .filter(value -> !there.contains(value))
                .forEach(value -> anomalies.add(new Anomaly(Anomaly.Kind.LOST_WRITE, value)));
        return anomalies;
    }

    private void write(int writer, @Nullable Identity identity) {
        for (int i = 0; writing; i++) {
            int partition = i % partitions;
            String value = writer + "-" + i;
            long begun = System.nanoTime();
            Map<String, String> headers =
                    identity == null ? Map.of() : identity.headers(partition, i / partitions, value);
            Call call = new Call("POST", "/v1/topics/" + topic + "/records?partition=" + partition, value, headers);
            writes.add(new Write(writer, value, partition, begun, answer(writer + i, call, identity != null)));
        }
    }

    private Write.@Nullable Ack answer(int firstGateway, Call call, boolean again) {
        for (int attempt = 0; ; attempt++) {
            try {
                HttpResponse<String> answer = send(firstGateway + attempt, call);
                if (answer.statusCode() / 100 == 2) {
                    acks.came();
                    JsonNode offset = JSON.readTree(answer.body()).required("offset");
                    if (offset.isNumber()) {
                        return new Write.Ack(offset.asLong(), System.nanoTime());
                    }
                    storedSomewhere.add(call.body()); // the broker knows that it has it, and not any more where
                    return null;
                }
                if (answer.statusCode() < 500) {
                    refusals.add(call.body() + ": " + answer.statusCode() + " " + answer.body());
                    return null;
                }
            } catch (IOException killed) {
                unanswered.incrementAndGet();
            }
            if (!again) {
                return null;
            }
            askedAgain.incrementAndGet();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void read(int reader) {
        Map<Integer, Long> next = new HashMap<>();
        for (int i = 0; reading; i++) {
            int partition = i % partitions;
            String path = "/v1/topics/" + topic + "/partitions/" + partition + "/records?value_format=text&offset="
                    + next.getOrDefault(partition, 0L);
            try {
                HttpResponse<String> page = send(i / partitions, new Call("GET", path, "", Map.of()));
                if (page.statusCode() == 200) {
                    for (JsonNode record : JSON.readTree(page.body())) {
                        long offset = record.required("offset").asLong();
                        seen.get(reader)
                                .add(new Seen(
                                        reader,
                                        partition,
                                        offset,
                                        record.required("value").asString()));
                        next.put(partition, offset + 1);
                    }
                } else if (page.statusCode() < 500) {
                    refusals.add(path + ": " + page.statusCode() + " " + page.body());
                }
            } catch (IOException killed) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** Asks one gateway; fails when it dies meanwhile, or is not there. */
    private HttpResponse<String> send(int gateway, Call call) throws IOException {
        URI base = gateways.get(Math.floorMod(gateway, gateways.size()));
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + call.path())).timeout(ANSWER);
        call.headers().forEach(request::header);
        try {
            HttpResponse<String> answer = http.send(
                    request.method(call.method(), BodyPublishers.ofString(call.body()))
                            .build(),
                    BodyHandlers.ofString());
            Conformance.check(new Conformance.Answer(
                    call.method(),
                    call.path(),
                    answer.statusCode(),
                    answer.headers().firstValue("Content-Type").orElse(null),
                    answer.body()));
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        writing = false;
        reading = false;
        threads.shutdownNow();
    }
}
