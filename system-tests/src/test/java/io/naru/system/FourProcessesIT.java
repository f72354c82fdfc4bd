package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.system.program.Clients;
import io.naru.system.program.Polling;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruService;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each service from its own jar in a process of its own; they find each other by configuration alone. */
@Timeout(240)
class FourProcessesIT {
    /** What a JVM answers to SIGTERM when its shutdown hooks ran to the end: 128 + 15. */
    private static final int TERMINATED = 143;

    @Test
    void carryRecordsBetweenCurlAndKafkaAndStopCleanly() throws Exception {
        try (NaruCluster naru = NaruCluster.separateProcesses().start()) {
            assertThat(Stream.of(NaruService.values())
                            .map(service -> naru.runFile(service).pid())
                            .distinct())
                    .hasSize(4);
            Curl curl = new Curl(naru.gatewayUrl());
            for (NaruService service : NaruService.values()) {
                for (String endpoint : List.of("health/liveness", "health/readiness", "info", "prometheus")) {
                    Curl.Answer answer = new Curl(naru.managementUrl(service)).call("/actuator/" + endpoint);
                    assertThat(answer.status()).as(service + " " + endpoint).isEqualTo(200);
                    assertThat(answer.body())
                            .as(service + " " + endpoint)
                            .contains(
                                    switch (endpoint) {
                                        case "info" -> "\"naru\"";
                                        case "prometheus" -> "jvm_memory_used_bytes";
                                        default -> "\"UP\"";
                                    });
                }
            }
            Curl.Answer created = curl.call(
                    "/v1/topics/greetings",
                    "-X",
                    "PUT",
                    "-d",
                    "{\"partitions\":1}",
                    "-H",
                    "Content-Type: application/json");
            assertThat(created.status()).as(created.body()).isBetween(200, 201);
            Curl.Answer stored = curl.call("/v1/topics/greetings/records?key=k", "-d", "from curl");
            assertThat(stored.status()).as(stored.body() + naru.logTails()).isEqualTo(201);
            try (KafkaProducer<String, String> producer = Clients.producer(naru, Map.of())) {
                producer.send(new ProducerRecord<>("greetings", 0, "k", "from kafka"));
            }

            try (KafkaConsumer<String, String> member = Clients.member(naru, "readers")) {
                member.subscribe(List.of("greetings"));
                assertThat(Polling.atLeast(2, member))
                        .extracting(ConsumerRecord::value)
                        .containsExactly("from curl", "from kafka");
                member.commitSync();
            }
            Curl.Answer read = curl.call("/v1/topics/greetings/records?from=earliest");
            assertThat(read.ndjson())
                    .extracting(node -> node.required("value").asString())
                    .containsExactly("from curl", "from kafka");

            Map<NaruService, Integer> exitCodes = new EnumMap<>(NaruService.class);
            for (NaruService service :
                    List.of(NaruService.GATEWAY, NaruService.COORDINATOR, NaruService.BROKER, NaruService.ADMIN)) {
                exitCodes.put(service, naru.stop(service));
            }
            assertThat(exitCodes)
                    .allSatisfy((service, exitCode) ->
                            assertThat(exitCode).as(service + naru.logTails()).isEqualTo(TERMINATED));
        }
    }
}
