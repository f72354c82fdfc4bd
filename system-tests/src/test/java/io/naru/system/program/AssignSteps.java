package io.naru.system.program;

import io.naru.testkit.KafkaEndpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** A consumer that picks its partition: seek by offset, by time, to both ends; commits without a subscription. */
final class AssignSteps {
    private static final TopicPartition PARTITION = new TopicPartition("assigned", 0);
    private static final int RECORDS = 50;
    private static final long STEP_MS = 10;

    private final KafkaEndpoint endpoint;
    private final Transcript transcript;
    private final long baseTimestamp;

    AssignSteps(KafkaEndpoint endpoint, Transcript transcript, long baseTimestamp) {
        this.endpoint = endpoint;
        this.transcript = transcript;
        this.baseTimestamp = baseTimestamp;
    }

    void run() throws Exception {
        fill();
        try (KafkaConsumer<String, String> consumer =
                Clients.consumer(endpoint, Map.of("group.id", "assigners", "max.poll.records", 5))) {
            consumer.assign(List.of(PARTITION));
            seek(consumer);
            times(consumer);
            pause(consumer);
            commit(consumer);
        }
        adminOffsets();
    }

    private void fill() {
        try (KafkaProducer<String, String> producer =
                Clients.producer(endpoint, Map.of("compression.type", "lz4", "batch.size", 512))) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(
                        new ProducerRecord<>(PARTITION.topic(), 0, baseTimestamp + i * STEP_MS, "k" + i, "v" + i));
            }
            producer.flush();
        }
    }

    private void seek(KafkaConsumer<String, String> consumer) {
        transcript.note("position at first", consumer.position(PARTITION));
        consumer.seek(PARTITION, 17);
        transcript.note("seek 17", next(consumer));
        consumer.seek(PARTITION, RECORDS - 1);
        transcript.note("seek last", next(consumer));
        transcript.note("position after last", consumer.position(PARTITION));
        consumer.seekToBeginning(List.of(PARTITION));
        transcript.note("seek beginning", next(consumer));
        consumer.seekToEnd(List.of(PARTITION));
        transcript.note("position at end", consumer.position(PARTITION));
        transcript.note("beginning", consumer.beginningOffsets(List.of(PARTITION)));
        transcript.note("end", consumer.endOffsets(List.of(PARTITION)));
        consumer.seek(PARTITION, new OffsetAndMetadata(20, Optional.of(0), ""));
        transcript.note("seek with epoch", next(consumer));
    }

    private void times(KafkaConsumer<String, String> consumer) {
        Map<String, Long> questions = new TreeMap<>(Map.of(
                "before all", -1_000L,
                "of a record", 20 * STEP_MS,
                "between records", 20 * STEP_MS + 1,
                "of the last", (RECORDS - 1) * STEP_MS,
                "after all", RECORDS * STEP_MS));
        questions.forEach((name, time) -> {
            OffsetAndTimestamp found = consumer.offsetsForTimes(Map.of(PARTITION, baseTimestamp + time))
                    .get(PARTITION);
            transcript.note(
                    "time " + name,
                    found == null ? "none" : found.offset() + " at +" + (found.timestamp() - baseTimestamp));
        });
    }

    private void pause(KafkaConsumer<String, String> consumer) {
        consumer.seek(PARTITION, 3);
        consumer.pause(List.of(PARTITION));
        transcript.note(
                "paused", Polling.during(Duration.ofMillis(300), consumer).size());
        consumer.resume(List.of(PARTITION));
        transcript.note("resumed", next(consumer));
    }

    private void commit(KafkaConsumer<String, String> consumer) {
        transcript.note("committed before", consumer.committed(Set.of(PARTITION)));
        consumer.commitSync(Map.of(PARTITION, new OffsetAndMetadata(33, "a note")));
        OffsetAndMetadata committed = consumer.committed(Set.of(PARTITION)).get(PARTITION);
        transcript.note("committed", committed.offset() + " " + committed.metadata());
        try (KafkaConsumer<String, String> next =
                Clients.consumer(endpoint, Map.of("group.id", "assigners", "max.poll.records", 5))) {
            next.assign(List.of(PARTITION));
            transcript.note("resumes at commit", next(next));
        }
    }

    private void adminOffsets() throws Exception {
        try (Admin admin = Clients.admin(endpoint)) {
            Map<String, OffsetSpec> specs = new TreeMap<>(Map.of(
                    "earliest", OffsetSpec.earliest(),
                    "latest", OffsetSpec.latest(),
                    "max timestamp", OffsetSpec.maxTimestamp(),
                    "timestamp", OffsetSpec.forTimestamp(baseTimestamp + 7 * STEP_MS)));
            for (Map.Entry<String, OffsetSpec> spec : specs.entrySet()) {
                ListOffsetsResultInfo info = AdminSteps.get(
                        admin.listOffsets(Map.of(PARTITION, spec.getValue())).partitionResult(PARTITION));
                long time = info.timestamp() < 0 ? info.timestamp() : info.timestamp() - baseTimestamp;
                transcript.note("admin offset " + spec.getKey(), info.offset() + " at " + time);
            }
            Map<TopicPartition, OffsetAndMetadata> committed =
                    AdminSteps.get(admin.listConsumerGroupOffsets("assigners").partitionsToOffsetAndMetadata());
            transcript.note("admin committed", committed.get(PARTITION).offset());
        }
    }

    private static String next(KafkaConsumer<String, String> consumer) {
        List<ConsumerRecord<String, String>> records = Polling.atLeast(1, consumer);
        return records.get(0).offset() + "=" + records.get(0).value();
    }
}
