package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.system.program.Clients;
import io.naru.testkit.ChildProcess;
import io.naru.testkit.JavaCommand;
import io.naru.testkit.NaruCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two members share a group; one goes silent without leaving. Its partitions move to the other within the session
 * timeout, and no record is skipped.
 */
@Timeout(180)
class GroupFailoverIT {
    private static final int PARTITIONS = 4;
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);
    /** What detecting the lapse, the next heartbeats and the first fetches may take on top. */
    private static final Duration GRACE = Duration.ofSeconds(6);

    private static NaruCluster naru;

    @TempDir
    Path dir;

    @BeforeAll
    static void start() {
        naru = NaruCluster.standalone()
                .property("naru.coordinator.group.session-timeout", SESSION_TIMEOUT.toMillis() + "ms")
                .property("naru.coordinator.group.heartbeat-interval", "1s")
                .start();
    }

    @AfterAll
    static void stop() {
        naru.close();
    }

    @Test
    void aKilledMembersPartitionsMove() throws Exception {
        partitionsMove("killed", ChildProcess::kill9);
    }

    /** Frozen, not dead: its connections stay open, and it wakes up believing that it still owns its partitions. */
    @Test
    void aFrozenMembersPartitionsMoveAndItDoesNoHarmWhenItWakes() throws Exception {
        try (Pair pair = partitionsMove("frozen", ChildProcess::freeze)) {
            pair.first.process.thaw();
            // It finds out that it was replaced, and joins again.
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> pair.first.lastAssigned() == PARTITIONS / 2);
            produce("frozen", "woken", PARTITIONS);
            awaitValues(values("woken", PARTITIONS), pair.first, pair.second);
            assertCommitted("frozen", 3);
        }
    }

    @Test
    void aSilentHttpMembersPartitionsMoveAndOnlyWhatItAckedIsLeftOut() throws Exception {
        String topic = "http";
        create(topic);
        produce(topic, "v", 40);
        HttpMember one = new HttpMember(naru, "http-group", topic, SESSION_TIMEOUT);
        HttpMember two = new HttpMember(naru, "http-group", topic, SESSION_TIMEOUT);
        Set<String> acked = new HashSet<>();
        Set<String> seenByTwo = new TreeSet<>();
        assertThat(one.poll(3))
                .as("a first poll is never empty for want of an assignment")
                .isNotEmpty();
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (seenByTwo.isEmpty()) {
            assertThat(System.nanoTime())
                    .as("the second member gets partitions")
                    .isLessThan(deadline);
            acked.addAll(one.lastValues());
            one.ackAndPoll(1);
            seenByTwo.addAll(two.ackAndPoll(1));
            assertThat(acked).hasSizeLessThan(30);
        }
        Set<String> unacked = one.lastValues();
        long silentSince = System.nanoTime();
        Set<String> expected = values("v", 40);
        expected.removeAll(acked);
        while (!seenByTwo.containsAll(expected)) {
            assertThat(Duration.ofNanos(System.nanoTime() - silentSince))
                    .as("missing %s, of which unacked by the first: %s", missing(expected, seenByTwo), unacked)
                    .isLessThan(SESSION_TIMEOUT.plus(GRACE));
            seenByTwo.addAll(two.ackAndPoll(10));
        }
        note("silent over HTTP", Duration.ofNanos(System.nanoTime() - silentSince));
        two.ack();
        assertThat(seenByTwo).as("what the first had acked").doesNotContainAnyElementsOf(acked);
        assertCommitted("http-group", topic, 40 / PARTITIONS);

        Http.Answer late = one.tryPoll();
        assertThat(late.status()).as(late.toString()).isEqualTo(409);
        assertThat(late.json().required("detail").asString()).isNotBlank();
    }

    private Pair partitionsMove(String topic, Consumer<ChildProcess> silence) throws Exception {
        create(topic);
        Pair pair = new Pair(member(topic, "first"), member(topic, "second"));
        boolean handedOver = false;
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> pair.first.lastAssigned() == PARTITIONS / 2
                            && pair.second.lastAssigned() == PARTITIONS / 2);
            produce(topic, "before", PARTITIONS);
            awaitValues(values("before", PARTITIONS), pair.first, pair.second);

            silence.accept(pair.first.process);
            long silentSince = System.nanoTime();
            produce(topic, "after", PARTITIONS);
            awaitValues(values("after", PARTITIONS), pair.second);
            Duration unserved = Duration.ofNanos(System.nanoTime() - silentSince);
            note(topic, unserved);
            assertThat(unserved).isLessThan(SESSION_TIMEOUT.plus(GRACE));
            assertCommitted(topic, 2);
            handedOver = true;
            return pair;
        } finally {
            if (!handedOver || !pair.first.process.isAlive()) {
                pair.close();
            }
        }
    }

    /** Printed, not asserted: how long its partitions were not served. */
    private static void note(String member, Duration unserved) throws IOException {
        Files.writeString(
                Path.of("target", "group-failover.txt"),
                String.format(
                        Locale.ROOT,
                        "member %s: its partitions served by another after %.1f s, session timeout %d s%n",
                        member,
                        unserved.toMillis() / 1_000.0,
                        SESSION_TIMEOUT.toSeconds()),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private static void create(String topic) throws Exception {
        try (Admin admin = Clients.admin(naru)) {
            admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static void produce(String topic, String prefix, int count) {
        try (KafkaProducer<String, String> producer = Clients.producer(naru, Map.of())) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(topic, i % PARTITIONS, null, prefix + "-" + i));
            }
            producer.flush();
        }
    }

    private static Set<String> values(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + "-" + i).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> missing(Set<String> expected, Set<String> seen) {
        Set<String> missing = new TreeSet<>(expected);
        missing.removeAll(seen);
        return missing;
    }

    private static void awaitValues(Set<String> expected, Member... members) {
        Set<String> seen = new HashSet<>();
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> {
                        for (Member member : members) {
                            seen.addAll(member.got());
                        }
                        return seen.containsAll(expected);
                    });
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("missing " + missing(expected, seen) + naru.logTails(), e);
        }
    }

    private static void assertCommitted(String group, long each) {
        assertCommitted(group, group, each);
    }

    /** Commits follow the reading, so this waits a moment for the last of them. */
    private static void assertCommitted(String group, String topic, long each) {
        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            try (Admin admin = Clients.admin(naru)) {
                Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .get(10, TimeUnit.SECONDS);
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    assertThat(committed.get(new TopicPartition(topic, partition)))
                            .as("committed in partition %d: %s", partition, committed)
                            .isNotNull()
                            .satisfies(offset -> assertThat(offset.offset()).isEqualTo(each));
                }
            }
        });
    }

    private Member member(String group, String name) {
        Path file = dir.resolve(group + "-" + name + ".txt");
        List<String> command = JavaCommand.forMainClass(
                MemberMain.class, List.of("-Xmx128m"), List.of(naru.bootstrapServers(), group, group, file.toString()));
        return new Member(
                ChildProcess.start(group + " " + name, command, dir.resolve(group + "-" + name + ".log")), file);
    }

    /** A {@link MemberMain} and what it wrote. */
    private record Member(ChildProcess process, Path file) {
        List<String> lines() {
            try {
                return Files.exists(file) ? Files.readAllLines(file) : List.of();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Set<String> got() {
            return lines().stream()
                    .filter(line -> line.startsWith("got "))
                    .map(line -> line.substring("got ".length()))
                    .collect(Collectors.toSet());
        }

        /** How many partitions it held when it last was assigned some; 0 before. */
        int lastAssigned() {
            return lines().stream()
                    .filter(line -> line.startsWith("assigned "))
                    .reduce((before, last) -> last)
                    .map(line -> Integer.parseInt(line.substring("assigned ".length())))
                    .orElse(0);
        }
    }

    private record Pair(Member first, Member second) implements AutoCloseable {
        @Override
        public void close() {
            first.process.close();
            second.process.close();
        }
    }
}
