package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.system.program.Clients;
import io.naru.system.program.Polling;
import io.naru.testkit.KafkaEndpoint;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.ReferenceKafka;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.tools.consumer.group.ConsumerGroupCommand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Apache's {@code kafka-consumer-groups} says the same of Naru's groups as of Apache Kafka's, and does the same to them. */
@Timeout(240)
class ConsumerGroupCommandIT {

    private static final String TOPIC = "commanded";
    private static final long BASE_MS = 1_700_000_000_000L;

    @TempDir
    Path directory;

    @Test
    void theCommandSeesAndDoesTheSame() throws Exception {
        List<String> reference;
        try (ReferenceKafka kafka = ReferenceKafka.start()) {
            reference = run(kafka);
        }
        assertThat(reference)
                .anyMatch(line -> line.contains(TOPIC + " 0 10 10 0"))
                .anyMatch(line -> line.contains("Stable"))
                .anyMatch(line -> line.contains("Empty"))
                .hasSizeGreaterThan(40);
        try (NaruCluster naru = NaruCluster.standalone()
                .property("naru.coordinator.group.classic.initial-rebalance-delay", "0ms")
                .start()) {
            assertThat(run(naru)).isEqualTo(reference);
        }
    }

    private List<String> run(KafkaEndpoint endpoint) throws Exception {
        List<String> lines = new ArrayList<>();
        try (Admin admin = Clients.admin(endpoint);
                KafkaProducer<String, String> producer = Clients.producer(endpoint, Map.of())) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 2, (short) 1))).all().get();
            for (int i = 0; i < 10; i++) {
                producer.send(new ProducerRecord<>(TOPIC, 0, BASE_MS + 1_000L * i, null, "v" + i));
            }
            producer.flush();
        }
        for (String protocol : List.of("classic", "consumer")) {
            String group = "cmd-" + protocol;
            try (KafkaConsumer<String, String> member = Clients.consumer(
                    endpoint, Map.of("group.id", group, "group.protocol", protocol, "client.id", "the-client"))) {
                member.subscribe(List.of(TOPIC));
                Polling.atLeast(10, member);
                Polling.until(records -> member.assignment().size() == 2, "the assignment", member);
                member.commitSync();
                see(endpoint, group, lines);
            }
            see(endpoint, group, lines);
            reset(endpoint, group, lines);
            command(endpoint, lines, "--delete-offsets", "--group", group, "--topic", TOPIC + ":0");
            command(endpoint, lines, "--describe", "--group", group);
            command(endpoint, lines, "--delete", "--group", group);
            command(endpoint, lines, "--list");
        }
        return lines;
    }

    private static void see(KafkaEndpoint endpoint, String group, List<String> lines) {
        command(endpoint, lines, "--list");
        command(endpoint, lines, "--list", "--state");
        command(endpoint, lines, "--list", "--type");
        command(endpoint, lines, "--describe", "--group", group);
        command(endpoint, lines, "--describe", "--group", group, "--offsets", "--verbose");
        command(endpoint, lines, "--describe", "--group", group, "--members", "--verbose");
        command(endpoint, lines, "--describe", "--group", group, "--state");
    }

    private void reset(KafkaEndpoint endpoint, String group, List<String> lines) throws Exception {
        Path file = directory.resolve(group + ".csv");
        Files.writeString(file, TOPIC + ",0,4\n");
        for (List<String> variant : List.of(
                List.of("--to-earliest"),
                List.of("--to-offset", "6"),
                List.of("--shift-by", "-2"),
                List.of("--shift-by", "100"),
                List.of("--to-datetime", "2023-11-14T22:13:23.000Z"),
                List.of("--by-duration", "PT1H"),
                List.of("--to-current"),
                List.of("--from-file", file.toString()),
                List.of("--to-latest"))) {
            List<String> arguments = new ArrayList<>(List.of("--reset-offsets", "--group", group));
            arguments.addAll(variant);
            if (!variant.contains("--from-file")) {
                arguments.addAll(List.of("--topic", TOPIC));
            }
            arguments.add("--execute");
            command(endpoint, lines, arguments.toArray(String[]::new));
        }
        command(endpoint, lines, "--reset-offsets", "--group", group, "--all-topics", "--to-earliest", "--dry-run");
        command(endpoint, lines, "--describe", "--group", group);
    }

    /** What it prints, without what differs from run to run: ids, and how wide columns are. */
    private static void command(KafkaEndpoint endpoint, List<String> lines, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--bootstrap-server", endpoint.bootstrapServers()));
        all.addAll(List.of(arguments));
        lines.add("> " + String.join(" ", arguments).replaceAll("/\\S+/", ""));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = System.out;
        Exit.setExitProcedure((status, message) -> {
            throw new IllegalStateException("exit " + status + ": " + message);
        });
        try {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            ConsumerGroupCommand.main(all.toArray(String[]::new));
        } catch (IllegalStateException exit) {
            lines.add(String.valueOf(exit.getMessage()));
        } finally {
            System.setOut(out);
            Exit.resetExitProcedure();
        }
        printed.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replaceAll(
                                "[0-9A-Za-z_-]{22}(?![0-9A-Za-z_-])|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID")
                        .replaceAll("127\\.0\\.0\\.1:\\d+\\s+\\(\\d+\\)", "COORDINATOR")
                        .replaceAll("\\s+", " ")
                        // Where a group's epochs begin is nobody's business but its coordinator's: Kafka's is at 2
                        // after the first join.
                        .replaceAll("(the-client \\d+) \\d+ (\\S+) \\d+ ", "$1 EPOCH $2 EPOCH ")
                        .strip())
                // Warnings of its logger come with the time of day.
                .filter(line -> !line.isEmpty() && !line.matches("\\d\\d:\\d\\d:\\d\\d.*"))
                .forEach(lines::add);
    }
}
