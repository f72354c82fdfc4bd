package io.naru.system.fault;

import io.naru.system.program.Clients;
import io.naru.testkit.KafkaEndpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Idempotent writers and assigned readers of one topic, on genuine Kafka clients, until they are told to stop. */
final class Workload implements AutoCloseable {
    private static final int WRITERS = 2;
    private static final int READERS = 2;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final KafkaEndpoint kafka;
    private final String topic;
    private final int partitions;
    private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS + READERS);
    private final List<Future<?>> running = new ArrayList<>();
    private final ConcurrentLinkedQueue<Sent> sent = new ConcurrentLinkedQueue<>();
    private final List<ConcurrentLinkedQueue<Seen>> seen = new ArrayList<>();
    private final Acks acks = new Acks();
    private final ConcurrentLinkedQueue<Exception> refusals = new ConcurrentLinkedQueue<>();
    private volatile boolean writing = true;
    private volatile boolean reading = true;

    /** A write whose acknowledgement may still come. */
    private static final class Sent {
        private final int writer;
        private final String value;
        private final int partition;
        private final long nanos;
        private volatile Write.@Nullable Ack ack;

        private Sent(int writer, String value, int partition) {
            this.writer = writer;
            this.value = value;
            this.partition = partition;
            this.nanos = System.nanoTime();
        }
    }

    private Workload(KafkaEndpoint kafka, String topic, int partitions) {
        this.kafka = kafka;
        this.topic = topic;
        this.partitions = partitions;
    }

    /** Starts writing to and reading from a topic that exists. */
    static Workload start(KafkaEndpoint kafka, String topic, int partitions) {
        Workload workload = new Workload(kafka, topic, partitions);
        for (int writer = 0; writer < WRITERS; writer++) {
            int id = writer;
            workload.running.add(workload.threads.submit(() -> workload.write(id)));
        }
        for (int reader = 0; reader < READERS; reader++) {
            int id = reader;
            workload.seen.add(new ConcurrentLinkedQueue<>());
            workload.running.add(workload.threads.submit(() -> workload.read(id)));
        }
        return workload;
    }

    /** Acknowledged writes so far. */
    int acks() {
        return acks.count();
    }

    /** Waits until {@code count} more writes have been acknowledged. */
    void awaitAcks(int count, Duration atMost) {
        acks.await(count, atMost, () -> "refused: " + refusals);
    }

    /** Forgets how long acknowledgements have stayed away so far. */
    void startMeasuringSilence() {
        acks.startMeasuringSilence();
    }

    /** The longest time without any acknowledgement since {@link #startMeasuringSilence}. */
    Duration longestSilence() {
        return acks.longestSilence();
    }

    /** Stops, reads everything that is there, and gives all that is wrong. */
    List<Anomaly> stopAndCheck() throws InterruptedException, ExecutionException, TimeoutException {
        writing = false;
        for (Future<?> writer : running.subList(0, WRITERS)) {
            writer.get(120, TimeUnit.SECONDS);
        }
        List<Seen> last = Stored.read(kafka, topic, partitions);
        reading = false;
        for (Future<?> reader : running.subList(WRITERS, running.size())) {
            reader.get(60, TimeUnit.SECONDS);
        }
        List<Seen> all = new ArrayList<>();
        seen.forEach(all::addAll);
        List<Anomaly> anomalies = new ArrayList<>(Checker.check(
                sent.stream()
                        .map(one -> new Write(one.writer, one.value, one.partition, one.nanos, one.ack))
                        .toList(),
                all,
                last));
        return anomalies;
    }

    /** What the writers gave up. */
    List<Exception> refusals() {
        return List.copyOf(refusals);
    }

    private void write(int writer) {
        Map<String, Object> settings = Map.of(
                "linger.ms",
                1,
                "delivery.timeout.ms",
                90_000,
                "max.block.ms",
                90_000,
                "request.timeout.ms",
                5_000,
                "socket.connection.setup.timeout.ms",
                2_000);
        try (KafkaProducer<String, String> producer = Clients.producer(kafka, settings)) {
            for (int i = 0; writing; i++) {
                Sent one = new Sent(writer, writer + "-" + i, i % partitions);
                sent.add(one);
                producer.send(new ProducerRecord<>(topic, one.partition, null, one.value), (stored, error) -> {
                    if (error == null) {
                        one.ack = new Write.Ack(stored.offset(), System.nanoTime());
                        acks.came();
                    } else {
                        refusals.add(error);
                    }
                });
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void read(int reader) {
        try (KafkaConsumer<String, String> consumer =
                Clients.consumer(kafka, Map.of("check.crcs", true, "request.timeout.ms", 5_000))) {
            consumer.assign(Stored.partitions(topic, partitions));
            while (reading) {
                try {
                    consumer.poll(Duration.ofMillis(100))
                            .forEach(record -> seen.get(reader)
                                    .add(new Seen(reader, record.partition(), record.offset(), record.value())));
                } catch (org.apache.kafka.common.errors.RetriableException down) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                } catch (KafkaException broken) {
                    refusals.add(broken);
                    return;
                }
            }
        }
    }

    @Override
    public void close() {
        writing = false;
        reading = false;
        threads.shutdownNow();
    }
}
