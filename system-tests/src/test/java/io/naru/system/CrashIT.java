package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.system.program.Clients;
import io.naru.system.program.Polling;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruService;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * kill -9 of the whole of Naru, again and again, under a Kafka producer, an HTTP producer and a committing group: what
 * was acknowledged stays, once.
 */
@Timeout(300)
class CrashIT {
    private static final int CRASHES = 3;
    private static final int PARTITIONS = 3;
    private static final int ACKS_BETWEEN_CRASHES = 200;
    private static final String BY_KAFKA = "by.kafka";
    private static final String BY_HTTP = "by.http";
    private static final String GROUP = "committers";

    private final AckedWrites byKafka = new AckedWrites();
    private final AckedWrites byHttp = new AckedWrites();
    private final Map<TopicPartition, Long> acknowledgedCommits = new ConcurrentHashMap<>();
    private final List<Throwable> refusals = new CopyOnWriteArrayList<>();
    private volatile boolean over;

    @TempDir
    Path base;

    @Test
    void everyAckedRecordIsThereOnceAndCommitsNeverGoBack() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(3);
        try (NaruCluster naru =
                NaruCluster.standalone().restartable().baseDir(base).start()) {
            createTopics(naru);
            List<Future<?>> work = List.of(
                    clients.submit(task(() -> produceByKafka(naru))),
                    clients.submit(task(() -> produceByHttp(naru))),
                    clients.submit(task(() -> commit(naru))));
            for (int crash = 0; crash < CRASHES; crash++) {
                awaitTraffic(naru, work);
                naru.kill9();
                naru.restart();
                assertCommitsKept(naru);
            }
            awaitTraffic(naru, work);
            over = true;
            for (Future<?> one : work) {
                one.get(150, TimeUnit.SECONDS);
            }
            assertCommitsKept(naru);
            byKafka.assertKeptBy(readAll(naru, BY_KAFKA));
            byHttp.assertKeptBy(readAll(naru, BY_HTTP));
            assertThat(refusals)
                    .as("sends that the idempotent producer gave up")
                    .isEmpty();
            naru.stop();
        } finally {
            over = true;
            clients.shutdownNow();
        }
        LogDump.assertNoComplaints(base);
    }

    private static void createTopics(NaruCluster naru) throws Exception {
        try (Admin admin = Clients.admin(naru)) {
            admin.createTopics(List.of(
                            new NewTopic(BY_KAFKA, PARTITIONS, (short) 1),
                            new NewTopic(BY_HTTP, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }

    /** Waits until each client has got further since now, so that every crash hits running traffic. */
    private void awaitTraffic(NaruCluster naru, List<Future<?>> work) {
        int kafkaGoal = byKafka.ackedCount() + ACKS_BETWEEN_CRASHES;
        int httpGoal = byHttp.ackedCount() + ACKS_BETWEEN_CRASHES / 4;
        long committed = committedSum();
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(10))
                .failFast("a client or Naru ended", () -> {
                    for (Future<?> one : work) {
                        if (one.isDone()) {
                            one.get();
                            throw new AssertionError("a client ended early");
                        }
                    }
                    if (!naru.processOf(NaruService.BROKER).isAlive()) {
                        throw new AssertionError("Naru ended by itself" + naru.logTails());
                    }
                })
                .until(() -> byKafka.ackedCount() >= kafkaGoal
                        && byHttp.ackedCount() >= httpGoal
                        && committedSum() > committed);
    }

    private void produceByKafka(NaruCluster naru) {
        Map<String, Object> settings = Map.of(
                "linger.ms", 1, "delivery.timeout.ms", 120_000, "max.block.ms", 120_000, "request.timeout.ms", 5_000);
        try (KafkaProducer<String, String> producer = Clients.producer(naru, settings)) {
            for (int i = 0; !over; i++) {
                String value = "kafka-" + i;
                byKafka.sending(value);
                producer.send(new ProducerRecord<>(BY_KAFKA, i % PARTITIONS, null, value), (stored, error) -> {
                    if (error == null) {
                        byKafka.acked(value, stored.partition(), stored.offset());
                    } else {
                        refusals.add(error);
                    }
                });
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(500));
            }
        }
    }

    private void produceByHttp(NaruCluster naru) {
        Http http = new Http(naru.gatewayUrl());
        for (int i = 0; !over; i++) {
            String value = "http-" + i;
            byHttp.sending(value);
            try {
                Http.Answer answer = http.post("/v1/topics/" + BY_HTTP + "/records", value);
                if (answer.status() == 201) {
                    JsonNode stored = answer.json();
                    byHttp.acked(
                            value,
                            stored.required("partition").asInt(),
                            stored.required("offset").asLong());
                } else {
                    assertThat(answer.status()).as(answer.toString()).isBetween(500, 504);
                }
            } catch (IOException down) {
                // Its fate is unknown; it must not be there twice, that is all.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }

    private void commit(NaruCluster naru) {
        try (KafkaConsumer<String, String> member = Clients.consumer(
                naru, Map.of("group.id", GROUP, "group.protocol", "consumer", "default.api.timeout.ms", 5_000))) {
            member.subscribe(List.of(BY_KAFKA));
            while (!over) {
                try {
                    if (member.poll(Duration.ofMillis(50)).isEmpty()) {
                        continue;
                    }
                    Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
                    member.assignment()
                            .forEach(partition ->
                                    positions.put(partition, new OffsetAndMetadata(member.position(partition))));
                    member.commitSync(positions);
                    positions.forEach((partition, position) ->
                            acknowledgedCommits.merge(partition, position.offset(), Math::max));
                } catch (KafkaException down) {
                    // Not acknowledged: nothing is promised about this commit.
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                }
            }
        }
    }

    private long committedSum() {
        return acknowledgedCommits.values().stream().mapToLong(Long::longValue).sum();
    }

    private void assertCommitsKept(NaruCluster naru) throws Exception {
        Map<TopicPartition, Long> promised = new HashMap<>(acknowledgedCommits);
        try (Admin admin = Clients.admin(naru)) {
            Map<TopicPartition, OffsetAndMetadata> kept = admin.listConsumerGroupOffsets(GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get(60, TimeUnit.SECONDS);
            promised.forEach((partition, offset) -> assertThat(kept.get(partition))
                    .as("committed offset of %s, once %d", partition, offset)
                    .isNotNull()
                    .satisfies(found -> assertThat(found.offset()).isGreaterThanOrEqualTo(offset)));
        }
    }

    private static List<ConsumerRecord<String, String>> readAll(NaruCluster naru, String topic) {
        List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        try (KafkaConsumer<String, String> consumer = Clients.consumer(naru, Map.of("check.crcs", true))) {
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            return Polling.until(
                    records ->
                            ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue()),
                    "everything in " + topic,
                    consumer);
        }
    }

    private static Callable<Void> task(Runnable body) {
        return Executors.callable(body, null);
    }
}
