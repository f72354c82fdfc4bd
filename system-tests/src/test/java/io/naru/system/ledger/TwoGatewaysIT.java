package io.naru.system.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.system.program.Clients;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruNode;
import io.naru.testkit.NaruService;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Two gateways behind a balancer that knows nothing. {@code -Dnaru.ledger.rounds=N} for more of the first test. */
@Timeout(3_600)
class TwoGatewaysIT {

    private static final Path FIGURES = Path.of("target", "gateway-killed.txt");
    private static final int PARTITIONS = 20;
    private static final int MEMBERS = 10;
    private static final int RECORDS = 4_000;
    private static final int LOST_BYTES_MAX = 8_000_000;
    private static final int ROUNDS = Integer.getInteger("naru.ledger.rounds", 3);

    private static NaruCluster naru;

    @BeforeAll
    static void start() {
        naru = NaruCluster.separateProcesses()
                .instances(NaruService.GATEWAY, 2)
                .property("naru.coordinator.group.session-timeout", "10s")
                .property("naru.coordinator.group.heartbeat-interval", "2s")
                .restartable()
                .start();
    }

    @AfterAll
    static void stop() {
        naru.close();
    }

    /**
     * A group of ten members by {@code /v1/groups} and one of ten by {@code /consumers}, half of these with automatic commits, read the
     * same topic, each asking now this gateway and now that. One gateway is killed while they read, each round at another moment of a
     * group's life: nothing is lost, and nothing that was acknowledged comes again.
     */
    @Test
    void aKilledGatewayLosesNothingAndRepeatsNothingAcknowledged() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            // The first while the group still forms, the last when almost all is read.
            int killedAt = RECORDS / 2 * round / ROUNDS;
            NaruNode victim = new NaruNode(NaruService.GATEWAY, 2 - round % 2);
            new Round(naru, "ledger-" + round, victim, killedAt).run();
            naru.restart(victim);
        }
    }

    /** The client hangs up when the first byte of an answer has come: asked again, by whichever gateway, the same records come again. */
    @Test
    void anAnswerThatIsLostComesAgain() throws Exception {
        create("lost", 1);
        List<URI> gateways =
                naru.nodes(NaruService.GATEWAY).stream().map(naru::httpUrl).toList();
        RoundRobin balancer = new RoundRobin(gateways);
        String poll = "/v1/groups/lost-cursors/poll";
        String joined = ok(balancer.send("POST", poll, "{\"topics\":[\"lost\"],\"from\":\"earliest\"}"));
        String again = "{\"cursor\":\""
                + LedgerMember.JSON.readTree(joined).required("cursor").asString() + "\",\"max_bytes\":"
                + LOST_BYTES_MAX + "}";
        String instance = "/consumers/lost-instances/instances/i";
        ok(balancer.send(
                "POST",
                "/consumers/lost-instances",
                "{\"name\":\"i\",\"format\":\"json\",\"auto.offset.reset\":\"earliest\"}"));
        assertThat(balancer.send("POST", instance + "/subscription", "{\"topics\":[\"lost\"]}")
                        .status())
                .isEqualTo(204);
        String read = instance + "/records?timeout=5000&max_bytes=" + LOST_BYTES_MAX;
        assertThat(ok(balancer.send("GET", instance + "/records?timeout=1000", "")))
                .isEqualTo("[]");
        List<String> large = new ArrayList<>();
        try (KafkaProducer<String, String> producer = Clients.producer(naru, Map.of())) {
            for (int i = 0; i < 8; i++) {
                large.add(i + "x".repeat(800_000));
                producer.send(new ProducerRecord<>("lost", 0, null, '"' + large.get(i) + '"'));
            }
        }
        for (URI gateway : gateways) {
            hangUpOn(gateway, "POST " + poll, again);
            assertThat(values(balancer.send("POST", poll, again))).isEqualTo(large);
            assertThat(values(balancer.send("POST", poll, again))).isEqualTo(large);
        }
        hangUpOn(gateways.get(0), "GET " + read, "");
        hangUpOn(gateways.get(1), "GET " + read, "");
        assertThat(values(balancer.send("GET", read, ""))).isEqualTo(large);
        // Automatic commits speak of the read before, which has come.
        assertThat(ok(balancer.send("GET", instance + "/records?timeout=0", "")))
                .isEqualTo("[]");
    }

    private static String ok(RoundRobin.Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.text();
    }

    private static List<String> values(RoundRobin.Answer answer) {
        JsonNode body = LedgerMember.JSON.readTree(ok(answer));
        return LedgerMember.values(body.isArray() ? body : body.required("records"));
    }

    /** Asks, waits for the first byte, and resets the connection: most of the answer is never sent. */
    private static void hangUpOn(URI gateway, String call, String body) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4_096);
            socket.setSoTimeout(30_000);
            socket.setSoLinger(true, 0);
            socket.connect(new InetSocketAddress(gateway.getHost(), gateway.getPort()));
            String heads =
                    body.isEmpty() ? "" : "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n";
            String request = call + " HTTP/1.1\r\nHost: a\r\n" + heads + "\r\n" + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
        }
    }

    private static void create(String topic, int partitions) throws Exception {
        try (Admin admin = Clients.admin(naru)) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static final class Round {
        private final NaruCluster naru;
        private final String topic;
        private final NaruNode victim;
        private final int killedAt;
        private final DeliveryLedger cursors = new DeliveryLedger();
        private final DeliveryLedger instances = new DeliveryLedger();
        private final List<LedgerMember> members = new ArrayList<>();

        Round(NaruCluster naru, String topic, NaruNode victim, int killedAt) {
            this.naru = naru;
            this.topic = topic;
            this.victim = victim;
            this.killedAt = killedAt;
            RoundRobin balancer = new RoundRobin(
                    naru.nodes(NaruService.GATEWAY).stream().map(naru::httpUrl).toList());
            for (int i = 0; i < MEMBERS; i++) {
                members.add(new NativeMember("cursor-" + i, "cursors-" + topic, topic, balancer, cursors));
                members.add(new InstanceMember(
                        "instance-" + i, "instances-" + topic, topic, i % 2 == 0, balancer, instances));
            }
        }

        void run() throws Exception {
            create(topic, PARTITIONS);
            List<Thread> threads = members.stream()
                    .map(member -> new Thread(member, member.name))
                    .toList();
            try (Admin admin = Clients.admin(naru)) {
                CommittedOffsets byCursor = new CommittedOffsets(admin, "cursors-" + topic, PARTITIONS, cursors);
                CommittedOffsets byInstance = new CommittedOffsets(admin, "instances-" + topic, PARTITIONS, instances);
                threads.forEach(Thread::start);
                produce(0, RECORDS / 2);
                await(() -> byCursor.look() >= killedAt && byInstance.look() >= killedAt, byCursor, byInstance);
                String before = byCursor.look() + " and " + byInstance.look();
                naru.kill9(victim);
                long killed = System.nanoTime();
                produce(RECORDS / 2, RECORDS);
                await(() -> byCursor.look() == RECORDS && byInstance.look() == RECORDS, byCursor, byInstance);
                note(
                        "%s: %s killed when %s of %d were acknowledged; the others within %.1f s; given out: %d and %d%n",
                        topic,
                        victim,
                        before,
                        RECORDS,
                        (System.nanoTime() - killed) / 1e9,
                        cursors.deliveries(),
                        instances.deliveries());
            } finally {
                members.forEach(LedgerMember::stop);
                for (Thread thread : threads) {
                    thread.join(TimeUnit.SECONDS.toMillis(40));
                }
            }
            assertThat(cursors.anomalies()).as("by cursor").isEmpty();
            assertThat(instances.anomalies()).as("by instance").isEmpty();
        }

        private static void note(String format, Object... figures) throws IOException {
            Files.writeString(
                    FIGURES,
                    String.format(Locale.ROOT, format, figures),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }

        private void await(Callable<Boolean> done, CommittedOffsets byCursor, CommittedOffsets byInstance) {
            try {
                Awaitility.await().atMost(Duration.ofSeconds(90)).until(done);
            } catch (ConditionTimeoutException late) {
                throw new AssertionError(
                        "arrived: " + cursors.arrived() + " and " + instances.arrived() + ", acknowledged: "
                                + cursors.acked() + " and " + instances.acked() + "\n" + byCursor.members() + "\n"
                                + byInstance.members() + "\n"
                                + members.stream().map(LedgerMember::toString).collect(Collectors.joining("\n"))
                                + naru.logTails(),
                        late);
            }
        }

        private void produce(int from, int to) {
            try (KafkaProducer<String, String> producer = Clients.producer(naru, Map.of())) {
                for (int i = from; i < to; i++) {
                    cursors.written("v" + i);
                    instances.written("v" + i);
                    producer.send(new ProducerRecord<>(topic, i % PARTITIONS, null, "\"v" + i + "\""));
                }
                producer.flush();
            }
        }
    }
}
