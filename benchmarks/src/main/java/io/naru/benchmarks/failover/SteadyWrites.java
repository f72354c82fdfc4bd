package io.naru.benchmarks.failover;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A producer with default settings (acks=all, idempotent) that sends a small record every 5 ms, and remembers what was acknowledged when. */
final class SteadyWrites implements AutoCloseable {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final KafkaProducer<byte[], byte[]> producer;
    private final TopicPartition partition;
    private final Thread thread = new Thread(this::run, "steady-writes");
    private volatile boolean over;
    /** When the newest record that was acknowledged was sent, and when that was heard of. */
    private volatile Acked last = new Acked(Long.MIN_VALUE, Long.MIN_VALUE);

    private record Acked(long sentNanos, long ackedNanos) {}

    SteadyWrites(String bootstrap, TopicPartition partition) {
        this.partition = partition;
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap), new ByteArraySerializer(), new ByteArraySerializer());
        thread.start();
    }

    private void run() {
        while (!over) {
            long sent = System.nanoTime();
            producer.send(
                    new ProducerRecord<>(partition.topic(), partition.partition(), null, new byte[100]),
                    (stored, error) -> {
                        if (error == null) {
                            last = new Acked(sent, System.nanoTime());
                        }
                    });
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** When the first record was acknowledged that was sent then or later, to within a millisecond. */
    long awaitAckOfWhatIsSentFrom(long nanos, Duration atMost) {
        while (System.nanoTime() - nanos < atMost.toNanos()) {
            Acked known = last;
            if (known.sentNanos() != Long.MIN_VALUE && known.sentNanos() - nanos >= 0) {
                return known.ackedNanos();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        throw new IllegalStateException("no acknowledgement within " + atMost);
    }

    @Override
    public void close() {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close();
    }
}
