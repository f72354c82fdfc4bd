package io.naru.system.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.system.program.Clients;
import io.naru.testkit.KafkaEndpoint;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.ReferenceKafka;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gateway in front of Apache Kafka answers as one in front of Naru does. */
@Timeout(300)
class BothBackEndsIT {

    private static final String WORDS = "each broker has words of its own for it; status and code are the same";

    /** Calls that are answered differently, and why. */
    private static final Map<String, String> DIFFERENCES = Map.of(
            "PUT /v1/topics/bad",
            WORDS,
            "POST /v1/topics/t/records?partition=0&timestamp=4102444800000",
            WORDS,
            "POST /v1/topics/__consumer_offsets/records",
            "Apache Kafka makes its offsets topic with the first group, Naru has it from the start and refuses",
            "POST /v1/topics/conditional/records?partition=0",
            "Apache Kafka has no conditional append: 501");

    @Test
    void answersAreTheSameInFrontOfNaruAndOfApacheKafka() throws Exception {
        List<String> kafka;
        try (ReferenceKafka brokers = ReferenceKafka.start(Map.of("auto.create.topics.enable", "false"));
                NaruCluster gateway = NaruCluster.gatewaysBefore(brokers).start()) {
            kafka = run(brokers, gateway.gatewayUrl());
        }
        Files.write(Path.of("target/http-kafka.txt"), kafka);
        List<String> naru;
        try (NaruCluster cluster = NaruCluster.standalone()
                .property("naru.broker.auto-create-topics", "false")
                .start()) {
            naru = run(cluster, cluster.gatewayUrl());
        }
        Files.write(Path.of("target/http-naru.txt"), naru);
        assertThat(kafka).hasSameSizeAs(naru).hasSizeGreaterThan(140);
        SoftAssertions all = new SoftAssertions();
        for (int i = 0; i < kafka.size(); i++) {
            String why = DIFFERENCES.get(kafka.get(i).split(" → ", 2)[0]);
            if (why == null) {
                all.assertThat(kafka.get(i)).isEqualTo(naru.get(i));
            } else if (why.equals(WORDS)) {
                all.assertThat(wordless(kafka.get(i))).isEqualTo(wordless(naru.get(i)));
            }
        }
        all.assertAll();
        assertThatItSawSomething(naru);
    }

    private static String wordless(String line) {
        return line.replaceAll("\"detail\":\"[^\"]*\"", "");
    }

    /** Two gateways that fail in the same way would be equal too. */
    private static void assertThatItSawSomething(List<String> naru) {
        assertThat(naru)
                .anyMatch(line -> line.startsWith("POST /v1/groups/g/poll → 200") && line.contains("\"offset\":0"))
                .anyMatch(line ->
                        line.startsWith("GET /consumers/cg/instances/c1/records") && line.contains("\"value\":2"))
                .anyMatch(
                        line -> line.startsWith("POST /v1/topics/once/records → 200") && line.contains("Replayed=true"))
                .anyMatch(line -> line.startsWith("POST /v1/topics/conditional/records?partition=0 → 201"))
                .anyMatch(line -> line.startsWith("POST /v1/topics/conditional/records?partition=0 → 412"))
                .anyMatch(line -> line.contains("records:batch → 207"));
    }

    private static List<String> run(KafkaEndpoint brokers, URI gateway) throws Exception {
        String cluster;
        try (Admin admin = Clients.admin(brokers)) {
            cluster = admin.describeCluster().clusterId().get(30, TimeUnit.SECONDS);
        }
        HttpTranscript transcript = new HttpTranscript(gateway, cluster);
        HttpProgram.run(transcript);
        return transcript.lines();
    }
}
