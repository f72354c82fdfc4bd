package io.naru.system.program;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reading until there is enough, with a limit on how long that may take. */
public final class Polling {
    private static final Duration TIMEOUT = Duration.ofSeconds(45);

    private Polling() {}

    /** Polls until {@code count} records have come; fails loudly when they do not. More than asked for may come. */
    public static <K, V> List<ConsumerRecord<K, V>> atLeast(int count, Consumer<K, V> consumer) {
        return until(records -> records.size() >= count, count + " records", consumer);
    }

    /** Polls until {@code enough} of what has come so far. */
    public static <K, V> List<ConsumerRecord<K, V>> until(
            Predicate<List<ConsumerRecord<K, V>>> enough, String what, Consumer<K, V> consumer) {
        List<ConsumerRecord<K, V>> records = new ArrayList<>();
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (!enough.test(records)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited " + TIMEOUT + " for " + what + ", got " + records.size() + " from "
                        + assigned(consumer));
            }
            consumer.poll(Duration.ofMillis(200)).forEach(records::add);
        }
        return records;
    }

    /** Polls for a while where nothing is expected to come; what came all the same. */
    public static <K, V> List<ConsumerRecord<K, V>> during(Duration time, Consumer<K, V> consumer) {
        List<ConsumerRecord<K, V>> records = new ArrayList<>();
        long deadline = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < deadline) {
            consumer.poll(Duration.ofMillis(100)).forEach(records::add);
        }
        return records;
    }

    private static String assigned(Consumer<?, ?> consumer) {
        return Objects.toString(consumer.assignment());
    }
}
