package io.naru.gateway.consumer;

import io.naru.gateway.cursor.CursorSigner;
import io.naru.gateway.format.RecordCursor;
import io.naru.gateway.read.Fetched;
import io.naru.gateway.read.Isolation;
import io.naru.gateway.read.PartitionReads;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One partition of the compacted topic as this gateway has read it: each instance's last record that took effect. {@link #refresh} reads
 * on to the end that the log has when it is called, so what it is followed by sees every write that was acknowledged before. All who ask
 * while a read is on its way share the next one. Thread-safe.
 */
final class ConsumerPartition {

    private static final int FETCH_BYTES = 1024 * 1024;
    private static final long DELETED_MS = 600_000;

    private final TopicPartition partition;
    private final PartitionReads reads;
    private final CursorSigner signer;
    private final Map<ConsumerKey, Entry> entries = new HashMap<>();
    private long next;
    private boolean reading;
    private List<CompletableFuture<Void>> waiting = new ArrayList<>();

    /**
     * What there is of an instance.
     *
     * @param offset of its last record that took effect
     * @param state  null when it was deleted
     */
    record Entry(long offset, @Nullable ConsumerState state, long timestampMs) {}

    ConsumerPartition(TopicPartition partition, PartitionReads reads, CursorSigner signer) {
        this.partition = partition;
        this.reads = reads;
        this.signer = signer;
    }

    /** Reads on to the end. */
    CompletableFuture<Void> refresh() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        synchronized (this) {
            waiting.add(done);
            if (reading) {
                return done;
            }
            reading = true;
        }
        begin();
        return done;
    }

    private void begin() {
        List<CompletableFuture<Void>> served;
        synchronized (this) {
            served = waiting;
            waiting = new ArrayList<>();
        }
        read(served);
    }

    private void read(List<CompletableFuture<Void>> served) {
        long from;
        synchronized (this) {
            from = next;
        }
        reads.fetch(partition, from, FETCH_BYTES, Isolation.READ_UNCOMMITTED).whenComplete((fetched, error) -> {
            if (error != null) {
                end(served, error);
            } else if (fetched.error() == Errors.OFFSET_OUT_OF_RANGE) {
                startOver(served);
            } else if (fetched.error() != Errors.NONE) {
                end(served, fetched.error().exception());
            } else if (take(from, fetched)) {
                end(served, null);
            } else {
                read(served);
            }
        });
    }

    /** The log was cut, or deleted and made anew. */
    private void startOver(List<CompletableFuture<Void>> served) {
        reads.offsets(Map.of(partition, PartitionReads.EARLIEST), Isolation.READ_UNCOMMITTED)
                .whenComplete((first, error) -> {
                    if (error != null) {
                        end(served, error);
                        return;
                    }
                    synchronized (this) {
                        entries.clear();
                        next = Math.max(0, first.getOrDefault(partition, 0L));
                    }
                    read(served);
                });
    }

    private void end(List<CompletableFuture<Void>> served, @Nullable Throwable error) {
        boolean more;
        synchronized (this) {
            more = !waiting.isEmpty();
            reading = more;
        }
        if (more) {
            begin();
        }
        for (CompletableFuture<Void> one : served) {
            if (error == null) {
                one.complete(null);
            } else {
                one.completeExceptionally(error);
            }
        }
    }

    /** Takes records; true when these were all up to the end. */
    private synchronized boolean take(long from, Fetched fetched) {
        RecordCursor records = fetched.cursor(from);
        while (records.next()) {
            if (records.offset() >= next) {
                take(records);
            }
        }
        next = Math.max(next, records.nextOffset());
        return next >= fetched.highWatermark() || !fetched.hasRecords();
    }

    private void take(RecordCursor record) {
        byte[] keyBytes = record.keyCopy();
        ConsumerKey key = keyBytes == null ? null : ConsumerFormat.readKey(keyBytes);
        if (key == null) {
            return;
        }
        byte[] valueBytes = record.valueCopy();
        if (valueBytes == null) {
            entries.put(key, new Entry(record.offset(), null, record.timestamp()));
            return;
        }
        ConsumerFormat.Value value = ConsumerFormat.readValue(valueBytes, signer);
        Entry before = entries.get(key);
        if (value != null && goesOn(before, value.base())) {
            entries.put(key, new Entry(record.offset(), value.state(), record.timestamp()));
        }
    }

    /** Compaction may have taken away what a record goes on from. One that was deleted comes back by a first record only. */
    private static boolean goesOn(@Nullable Entry before, long base) {
        return before == null || before.offset() == base || (before.state() == null && base < 0);
    }

    synchronized @Nullable Entry find(ConsumerKey key) {
        return entries.get(key);
    }

    /** How many instances there are. */
    synchronized int size() {
        return Math.toIntExact(
                entries.values().stream().filter(entry -> entry.state() != null).count());
    }

    /** Goes through all instances, and forgets what was deleted long ago. */
    void forEach(long nowMs, BiConsumer<ConsumerKey, Entry> each) {
        Map<ConsumerKey, Entry> all;
        synchronized (this) {
            entries.values().removeIf(entry -> entry.state() == null && nowMs - entry.timestampMs() > DELETED_MS);
            all = Map.copyOf(entries);
        }
        all.forEach(each);
    }
}
