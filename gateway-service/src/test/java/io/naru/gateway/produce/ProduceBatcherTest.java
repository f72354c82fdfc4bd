package io.naru.gateway.produce;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.fake.FakeBroker;
import io.naru.gateway.fake.FakeBroker.Mischief;
import io.naru.gateway.http.Outcome;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.http.ProblemKind;
import io.naru.protocol.client.ClientOptions;
import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.MetadataCache;
import io.naru.protocol.client.NodeAddress;
import io.netty.util.HashedWheelTimer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.util.unit.DataSize;

class ProduceBatcherTest {

    private static final ProduceProperties PROPERTIES = new ProduceProperties(
            DataSize.ofKilobytes(64),
            DataSize.ofMegabytes(1),
            DataSize.ofMegabytes(4),
            Duration.ofMillis(700),
            Duration.ofMillis(1_300),
            Duration.ofSeconds(1),
            Duration.ofMillis(20),
            4,
            false);

    private final FakeBroker broker = FakeBroker.withTopic("t", 3);
    private final HashedWheelTimer timer = new HashedWheelTimer(5, TimeUnit.MILLISECONDS);
    private KafkaClient client;
    private TopicDirectory directory;
    private ProduceBatcher batcher;
    private TopicState topic;

    @BeforeEach
    void connect() {
        client = new KafkaClient(new ClientOptions("test", 1_000, 1_000, 1 << 24), 1);
        MetadataCache metadata = new MetadataCache(client, List.of(NodeAddress.parse(broker.bootstrap())), 60_000);
        directory = new TopicDirectory(client, metadata, timer);
        batcher = new ProduceBatcher(client, metadata, directory, timer, PROPERTIES);
        topic = directory.find("t").orTimeout(5, TimeUnit.SECONDS).join();
    }

    @AfterEach
    void disconnect() {
        client.close();
        timer.stop();
        broker.close();
    }

    /** A record's fate as a future: its offset, or its problem. */
    private record Fate(CompletableFuture<Long> offset) implements RecordOutcome {
        Fate() {
            this(new CompletableFuture<>());
        }

        @Override
        public void written(int tag, int partition, long at, long timestamp) {
            assertThat(offset.complete(at)).as("told once").isTrue();
        }

        @Override
        public void failed(int tag, Problem problem) {
            assertThat(offset.completeExceptionally(problem.exception()))
                    .as("told once")
                    .isTrue();
        }

        long await() {
            return offset.orTimeout(10, TimeUnit.SECONDS).join();
        }

        Problem problem() {
            return offset.handle((at, error) -> {
                        assertThat(error).as("failed").isNotNull();
                        Throwable cause = error.getCause() == null ? error : error.getCause();
                        return ((ProblemException) cause).problem();
                    })
                    .orTimeout(10, TimeUnit.SECONDS)
                    .join();
        }
    }

    private Fate send(int partition, String value) {
        return send(partition, value, Acks.ALL);
    }

    private Fate send(int partition, String value, Acks acks) {
        RecordInput record = new RecordInput();
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        record.value(bytes, 0, bytes.length);
        Fate fate = new Fate();
        assertThat(batcher.append(topic, partition, acks, record, fate, 0)).isTrue();
        return fate;
    }

    @Test
    void recordsOfManyRequestsShareOneRequest() {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        broker.holdAnswers(gate);
        List<Fate> fates = new ArrayList<>();
        fates.add(send(0, "first"));
        awaitRequests(1);
        for (int i = 0; i < 100; i++) {
            fates.add(send(i % 3, "v" + i));
        }
        gate.complete(null);
        fates.forEach(Fate::await);
        // The lane may open a second connection when the broker dawdles; it never takes a request per record.
        assertThat(broker.produceRequests()).isBetween(2, 6);
        assertThat(broker.log("t", 0).end()
                        + broker.log("t", 1).end()
                        + broker.log("t", 2).end())
                .isEqualTo(101);
    }

    private void awaitRequests(int count) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (broker.produceRequests() < count && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(broker.produceRequests()).isGreaterThanOrEqualTo(count);
    }

    @Test
    void offsetsComeBackInTheOrderOfTheRecords() {
        List<Fate> fates = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            fates.add(send(1, "v" + i));
        }
        for (int i = 0; i < 1_000; i++) {
            assertThat(fates.get(i).await()).isEqualTo(i);
        }
        assertThat(broker.log("t", 1).values())
                .hasSize(1_000)
                .startsWith("v0", "v1")
                .endsWith("v998", "v999");
    }

    @ParameterizedTest
    @EnumSource(
            value = Mischief.class,
            names = {"LOSE_ANSWER", "LOSE_REQUEST", "NOT_LEADER", "NOT_ENOUGH_REPLICAS", "TIMED_OUT", "OUT_OF_ORDER"})
    void whatPassesIsTriedAgainAndWrittenOnce(Mischief mischief) {
        assertThat(send(0, "before").await()).isZero();
        broker.next(mischief, mischief);
        assertThat(send(0, "during").await()).isEqualTo(1);
        assertThat(send(0, "after").await()).isEqualTo(2);
        assertThat(broker.log("t", 0).values()).containsExactly("before", "during", "after");
    }

    @Test
    void answersThatNeverComeLeaveTheOutcomeUnknown() {
        broker.next(forEver(Mischief.LOSE_ANSWER));
        Problem problem = send(0, "x").problem();
        assertThat(problem.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(problem.kind()).isEqualTo(ProblemKind.NOT_AVAILABLE_NOW);
        assertThat(problem.retryAfterSeconds()).isPositive();
        assertThat(broker.log("t", 0).values()).containsExactly("x");
    }

    @Test
    void afterAnUnknownOutcomeANewIdentityGoesOn() {
        assertThat(send(0, "a").await()).isZero();
        broker.next(forEver(Mischief.LOSE_ANSWER));
        assertThat(send(0, "b").problem().outcome()).isEqualTo(Outcome.UNKNOWN);
        broker.clearMischief();
        assertThat(send(0, "c").await()).isEqualTo(2);
        assertThat(broker.log("t", 0).values()).containsExactly("a", "b", "c");
        assertThat(broker.identities()).isEqualTo(2);
    }

    private static Mischief[] forEver(Mischief mischief) {
        Mischief[] all = new Mischief[500];
        Arrays.fill(all, mischief);
        return all;
    }

    @Test
    void replicasThatStayMissingMeanNotWritten() {
        broker.next(forEver(Mischief.NOT_ENOUGH_REPLICAS));
        Problem problem = send(0, "x").problem();
        assertThat(problem.outcome()).isEqualTo(Outcome.NOT_WRITTEN);
        assertThat(problem.kind()).isEqualTo(ProblemKind.NOT_AVAILABLE_NOW);
        assertThat(broker.log("t", 0).values()).isEmpty();
    }

    @Test
    void aBrokerThatIsGoneMeansNotWritten() {
        broker.stop();
        Problem problem = send(0, "x").problem();
        assertThat(problem.outcome()).isEqualTo(Outcome.NOT_WRITTEN);
        assertThat(problem.kind().status()).isEqualTo(503);
        broker.start();
    }

    @Test
    void aBrokerThatComesBackInTimeIsNotNoticed() {
        assertThat(send(0, "a").await()).isZero();
        broker.stop();
        Fate fate = send(0, "b");
        broker.start();
        assertThat(fate.await()).isEqualTo(1);
    }

    @Test
    void oneRecordTooLargeDoesNotTakeItsNeighboursDown() {
        broker.recordBytesMax(2_000);
        CompletableFuture<Void> gate = new CompletableFuture<>();
        broker.holdAnswers(gate);
        Fate first = send(0, "first");
        awaitRequests(1);
        List<Fate> small = new ArrayList<>();
        small.add(send(0, "s0"));
        Fate large = send(0, "L".repeat(5_000));
        for (int i = 1; i < 5; i++) {
            small.add(send(0, "s" + i));
        }
        gate.complete(null);
        first.await();
        assertThat(large.problem().kind()).isEqualTo(ProblemKind.RECORD_TOO_LARGE);
        assertThat(large.problem().outcome()).isEqualTo(Outcome.NOT_WRITTEN);
        for (int i = 0; i < 5; i++) {
            assertThat(small.get(i).await()).isEqualTo(i + 1L);
        }
        assertThat(broker.log("t", 0).values()).containsExactly("first", "s0", "s1", "s2", "s3", "s4");
        assertThat(send(0, "later").await()).isEqualTo(6);
    }

    @Test
    void oneRecordTheBrokerNamesFailsAlone() {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        broker.holdAnswers(gate);
        Fate first = send(0, "first");
        awaitRequests(1);
        broker.next(Mischief.SECOND_RECORD_INVALID);
        Fate a = send(0, "a");
        Fate b = send(0, "b");
        Fate c = send(0, "c");
        gate.complete(null);
        first.await();
        assertThat(b.problem().detail()).contains("the second one is bad");
        assertThat(a.await()).isEqualTo(1);
        assertThat(c.await()).isEqualTo(2);
    }

    @Test
    void acksOneAndNoneGoTheirOwnWay() {
        assertThat(send(0, "leader", Acks.LEADER).await()).isZero();
        assertThat(send(0, "none", Acks.NONE).await()).isEqualTo(RecordOutcome.NO_OFFSET);
        assertThat(send(0, "all", Acks.ALL).await()).isGreaterThanOrEqualTo(1);
        assertThat(broker.identities()).isEqualTo(1);
    }

    @Test
    void withoutIdempotenceALostAnswerIsNotTriedAgain() {
        broker.next(Mischief.LOSE_ANSWER);
        assertThat(send(0, "x", Acks.LEADER).problem().outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(broker.log("t", 0).values()).containsExactly("x");
    }

    @Test
    void aTopicThatIsDeletedMeanwhileIsNotFound() {
        assertThat(send(0, "a").await()).isZero();
        broker.deleteTopic("t");
        Problem problem = send(0, "b").problem();
        assertThat(problem.kind()).isIn(ProblemKind.NO_SUCH_TOPIC, ProblemKind.NOT_AVAILABLE_NOW);
        assertThat(problem.outcome()).isEqualTo(Outcome.NOT_WRITTEN);
    }

    @Test
    void aPartitionWithoutLeaderIsWaitedFor() {
        broker.leaderless(true);
        directory.refresh(topic).orTimeout(5, TimeUnit.SECONDS).join();
        Fate fate = send(0, "x");
        broker.leaderless(false);
        assertThat(fate.await()).isZero();
    }

    @Test
    void memoryIsBoundedAndGivenBack() {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        broker.holdAnswers(gate);
        RecordInput record = new RecordInput();
        byte[] bytes = new byte[100_000];
        record.value(bytes, 0, bytes.length);
        List<Fate> fates = new ArrayList<>();
        Fate next = new Fate();
        while (batcher.append(topic, fates.size() % 3, Acks.ALL, record, next, 0)) {
            fates.add(next);
            next = new Fate();
        }
        assertThat(fates).hasSizeBetween(40, 42);
        gate.complete(null);
        fates.forEach(Fate::await);
        assertThat(batcher.bytesHeld()).isZero();
    }

    @Test
    void keyHeadersAndTimesArriveAsGiven() {
        RecordInput record = new RecordInput();
        byte[] all = "..key..value..".getBytes(StandardCharsets.UTF_8);
        record.key(all, 2, 3);
        record.value(all, 7, 5);
        record.timestamp(1_234L);
        record.headers().add(new byte[] {'h'}, new byte[] {1, 2});
        record.headers().add(new byte[] {'n'}, null);
        int partition = batcher.place(topic, record);
        assertThat(partition).isEqualTo(Utils.toPositive(Utils.murmur2("key".getBytes(StandardCharsets.UTF_8))) % 3);
        Fate fate = new Fate();
        assertThat(batcher.append(topic, partition, Acks.ALL, record, fate, 0)).isTrue();
        fate.await();
        Record stored = broker.log("t", partition).records().get(0);
        assertThat(Utils.utf8(stored.key(), stored.keySize())).isEqualTo("key");
        assertThat(Utils.utf8(stored.value(), stored.valueSize())).isEqualTo("value");
        assertThat(stored.timestamp()).isEqualTo(1_234L);
        assertThat(stored.headers()).hasSize(2);
        assertThat(stored.headers()[0].value()).containsExactly(1, 2);
        assertThat(stored.headers()[1].value()).isNull();
    }

    @Test
    void recordsThatMayGoAnywhereGoToAllPartitionsInTime() {
        RecordInput record = new RecordInput();
        record.value(new byte[] {1}, 0, 1);
        for (int i = 0; i < 30; i++) {
            Fate fate = new Fate();
            assertThat(batcher.append(topic, batcher.place(topic, record), Acks.ALL, record, fate, 0))
                    .isTrue();
            fate.await();
        }
        for (int p = 0; p < 3; p++) {
            assertThat(broker.log("t", p).end()).isEqualTo(10);
        }
    }

    @Test
    void namedPartitionsMustExist() {
        RecordInput record = new RecordInput();
        record.partition(3);
        assertThat(batcher.place(topic, record)).isEqualTo(-1);
    }
}
