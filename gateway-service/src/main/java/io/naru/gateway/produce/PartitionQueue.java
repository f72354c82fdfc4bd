package io.naru.gateway.produce;

import io.naru.gateway.http.Problem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written to one partition with one kind of acks. At most one batch is under way, so retries keep the order and the
 * sequence is simple:
 *
 * <pre>
 * IDLE ──append──▶ READY ──take──▶ SENT ──done──▶ IDLE, or READY when more has gathered
 *                    ▲               │
 *                    └── PAUSED ◀────┘ a retry waits for its time, for a leader or for a producer identity
 * </pre>
 *
 * The sequence number moves on only when a batch is known to be written. Whoever holds the monitor owns everything here, the batch
 * under way excepted, which belongs to the sender.
 */
final class PartitionQueue {

    private enum State {
        IDLE,
        READY,
        SENT,
        PAUSED
    }

    private final TopicState topic;
    private final int partition;
    private final Acks acks;
    private final Deque<Batch> full = new ArrayDeque<>();
    private @Nullable Batch filling;
    private @Nullable Batch underWay;
    private State state = State.IDLE;
    private @Nullable ProducerIdentity identity;
    private @Nullable ProducerIdentity worn;
    private int nextSequence;

    PartitionQueue(TopicState topic, int partition, Acks acks) {
        this.topic = topic;
        this.partition = partition;
        this.acks = acks;
    }

    TopicState topic() {
        return topic;
    }

    int partition() {
        return partition;
    }

    Acks acks() {
        return acks;
    }

    /** Encodes a record into the open batch; true when the queue has become ready to be sent. */
    synchronized boolean append(
            RecordInput record, long timestamp, RecordOutcome outcome, int tag, BufferPool pool, int bytesTarget) {
        int size = record.size();
        Batch open = filling;
        if (open == null || !open.hasRoom(size, bytesTarget)) {
            if (open != null) {
                full.add(open);
            }
            open = new Batch(pool.take(size), System.nanoTime());
            filling = open;
        }
        open.append(record, timestamp, outcome, tag);
        if (state == State.IDLE) {
            state = State.READY;
            return true;
        }
        return false;
    }

    /** The batch to send next: the one being retried, else the oldest. Null when the queue is not ready after all. */
    synchronized @Nullable Batch take() {
        if (state != State.READY) {
            return null;
        }
        Batch next = underWay;
        if (next == null) {
            next = full.poll();
            if (next == null) {
                next = filling;
                filling = null;
                topic.left(partition);
            }
        }
        if (next == null) {
            state = State.IDLE;
            return null;
        }
        underWay = next;
        state = State.SENT;
        return next;
    }

    /**
     * Gives a taken batch its identity and sequence, unless it has them from an earlier attempt.
     *
     * @return false when there is no identity yet; the queue is paused then, and {@code retry} will be called
     */
    boolean identify(Batch batch, ProducerIds ids, Consumer<Boolean> retry) {
        if (acks != Acks.ALL || batch.identity != null) {
            return true;
        }
        synchronized (this) {
            if (identity == null) {
                state = State.PAUSED;
                ProducerIdentity got = ids.get(worn, retry);
                if (got == null) {
                    return false;
                }
                state = State.SENT;
                identity = got;
                nextSequence = 0;
            }
            batch.identity = identity;
            batch.sequence = nextSequence;
            return true;
        }
    }

    /** The batch under way is in the log. True when more is ready. */
    synchronized boolean written(Batch batch) {
        if (batch.identity != null) {
            nextSequence = DefaultRecordBatch.incrementSequence(batch.sequence, batch.count());
        }
        return next();
    }

    /** The batch under way has failed for good. True when more is ready. */
    synchronized boolean failed(Batch batch) {
        if (batch.maybeWritten) {
            wearOut();
        }
        return next();
    }

    private boolean next() {
        underWay = null;
        boolean more = !full.isEmpty() || filling != null;
        state = more ? State.READY : State.IDLE;
        return more;
    }

    /** The sequence is uncertain: the next batch goes out under another identity. */
    private void wearOut() {
        worn = identity;
        identity = null;
    }

    /** The batch under way, certainly not written, is replaced by parts of it. Always ready afterwards if there are any. */
    synchronized boolean replaced(List<Batch> parts) {
        for (int i = parts.size() - 1; i >= 0; i--) {
            full.addFirst(parts.get(i));
        }
        return next();
    }

    /** The broker does not accept the identity although nothing was written under this sequence: another one, same batch. */
    synchronized void refusedIdentity(Batch batch) {
        wearOut();
        batch.identity = null;
        batch.sequence = RecordBatch.NO_SEQUENCE;
    }

    /** The batch under way waits for another attempt. */
    synchronized void pause() {
        state = State.PAUSED;
    }

    /** The pause is over. True unless somebody else has ended it. */
    synchronized boolean resume() {
        if (state != State.PAUSED) {
            return false;
        }
        state = State.READY;
        return true;
    }

    /** Takes out what has waited too long behind a batch that could not be written. */
    List<Batch> expired(long now, long limitMs) {
        List<Batch> late = new ArrayList<>();
        synchronized (this) {
            long limit = TimeUnit.MILLISECONDS.toNanos(limitMs);
            while (!full.isEmpty() && now - full.peek().createdNanos > limit) {
                late.add(full.remove());
            }
            Batch open = filling;
            if (full.isEmpty() && open != null && now - open.createdNanos > limit) {
                late.add(open);
                filling = null;
            }
        }
        return late;
    }

    /** What to say beside a problem: where it was. */
    Problem located(Problem problem) {
        return new Problem(
                problem.kind(),
                "topic " + topic.name() + ", partition " + partition + ": " + problem.detail(),
                problem.outcome(),
                problem.retryAfterSeconds(),
                problem.numbers());
    }
}
