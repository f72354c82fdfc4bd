package io.naru.system.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.system.api.RawCall.Answer;
import io.naru.system.api.RequestVariants.Valid;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruService;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every operation of the document, with its example, and all that {@link RequestVariants} makes of it: whatever comes of them is answered,
 * whole, and is never a mistake of ours. What is refused as a whole writes nothing. The requests are those of the Postman collection, in
 * its order, so that each finds what it needs. Thousands of requests: on demand, {@code -Dnaru.variants=true}.
 */
@Timeout(900)
@EnabledIfSystemProperty(named = "naru.variants", matches = "true")
class EveryRouteVariantsIT {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** Answers of 500 and above that say what is the case: not built, not now. */
    private static final Set<Integer> HONEST = Set.of(501, 503, 505);

    /** Requests at a time. */
    private static final int LANES = 6;

    private final Queue<String> mistakes = new ConcurrentLinkedQueue<>();
    private int variants;
    private int valid;
    private int requests;

    @ParameterizedTest
    @ValueSource(strings = {"confluent", "strimzi"})
    void whateverComesIsAnsweredAndNeverAMistakeOfOurs(String dialect) throws Exception {
        try (NaruCluster naru = NaruCluster.standalone()
                .property("naru.gateway.v2.dialect", dialect)
                .property("naru.gateway.limits.wait-max", "2s")
                .start()) {
            ExecutorService lanes = Executors.newFixedThreadPool(LANES);
            try {
                new PostmanRun(
                                collected -> tryAll(collected, naru, dialect, lanes),
                                type -> dialect.equals("confluent") || !type.startsWith("application/vnd.kafka."))
                        .run(
                                JSON.readTree(PostmanCollection.COMMITTED),
                                Map.of(
                                        "baseUrl", naru.gatewayUrl().toString(),
                                        "coordinator", naru.coordinatorUrl().getAuthority()));
            } finally {
                lanes.shutdownNow();
            }
            Files.write(Path.of("target/variants-" + dialect + ".txt"), mistakes);
            assertThat(mistakes).isEmpty();
            assertThat(requests).isGreaterThan(50);
            assertThat(valid).as("valid requests").isGreaterThan(requests * 3 / 5);
            assertThat(variants).isGreaterThan(5_000);
            assertThat(naru.processOf(NaruService.GATEWAY).isAlive()).isTrue();
        }
    }

    private void tryAll(Valid request, NaruCluster naru, String dialect, ExecutorService lanes) {
        URI server = naru.gatewayUrl();
        requests++;
        valid += request.call().send(server).status() < 300 ? 1 : 0;
        List<RawCall> all = RequestVariants.of(request);
        variants += all.size();
        if (writesWhole(request)) {
            String end = end(server);
            for (RawCall variant : all) {
                end = refusedWritesNothing(variant, server, end);
            }
            return;
        }
        List<Future<?>> running = new ArrayList<>();
        all.forEach(variant -> running.add(lanes.submit(() -> check(variant, variant.send(server)))));
        for (Future<?> each : running) {
            try {
                each.get();
            } catch (Exception e) {
                throw new AssertionError(request + " in " + dialect, e);
            }
        }
    }

    /** Whether it is a request of records that is taken or refused as one. */
    private static boolean writesWhole(Valid request) {
        return request.method().equals("POST")
                && request.path().matches("/v1/topics/.*/records|/topics/.*|.*/records:batch");
    }

    /** Where the topic ends afterwards. */
    private String refusedWritesNothing(RawCall variant, URI server, String before) {
        Answer answer = variant.send(server);
        check(variant, answer);
        String after = end(server);
        if (answer.status() >= 400 && !variant.headers().contains("ndjson") && !after.equals(before)) {
            mistakes.add("refused and written: " + told(variant, answer));
        }
        return after;
    }

    private static String end(URI server) {
        return new RawCall("GET", "/topics/greetings/partitions/0/offsets", "", null)
                .send(server)
                .body();
    }

    private void check(RawCall variant, Answer answer) {
        boolean known = (answer.status() >= 200 && answer.status() < 500) || HONEST.contains(answer.status());
        if (!known || !answer.whole() || (answer.status() >= 400 && !isJsonOrNone(answer))) {
            mistakes.add(told(variant, answer));
        }
    }

    private static String told(RawCall variant, Answer answer) {
        return shortened(variant.toString()) + " → " + shortened(answer.toString());
    }

    private static String shortened(String text) {
        return text.length() <= 600 ? text : text.substring(0, 600) + "… of " + text.length();
    }

    private static boolean isJsonOrNone(Answer answer) {
        try {
            return answer.body().isEmpty() || JSON.readTree(answer.body()).isObject();
        } catch (JacksonException notJson) {
            return false;
        }
    }
}
