package io.naru.gateway.produce;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.MediaTypes;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.http.ProblemKind;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Requests of one record that must not be written twice: {@code Idempotency-Key}, or {@code Producer-Id}, {@code Producer-Epoch} and
 * {@code Producer-Seq}. A repetition is answered with where the record stands already. And requests of one record with a condition
 * ({@link IfMatch}), which may have such an identity as well and is then asked only once.
 */
public final class IdentifiedProduce {

    private static final String PRODUCER_ID = "Producer-Id";
    private static final String PRODUCER_EPOCH = "Producer-Epoch";
    private static final String PRODUCER_SEQ = "Producer-Seq";
    private static final int KNOWN_MAX = 10_000;

    private final IdentifiedWrites writes;
    private final ReadBack readBack;

    /** The next sequence numbers of producers that have written here lately; only to be of help. Guarded by itself. */
    private final Map<Place, Integer> nextSequences = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Integer> eldest) {
            return size() > KNOWN_MAX;
        }
    };

    private record Place(ProducerIdentity identity, String topic, int partition) {}

    /**
     * Who writes what.
     *
     * @param key      of the request, or null
     * @param identity producer id and epoch; null for a record that has only a condition
     * @param sequence of the record
     * @param ifEnd    where the partition must end, or {@link IfMatch#ANY_END}
     */
    record Identified(
            @Nullable IdempotencyKey key, @Nullable ProducerIdentity identity, int sequence, long ifEnd) {}

    /** Requests written by {@code writes} and looked at by {@code readBack}. */
    public IdentifiedProduce(IdentifiedWrites writes, ReadBack readBack) {
        this.writes = writes;
        this.readBack = readBack;
    }

    /**
     * What the headers say of who writes; null when they say nothing.
     *
     * @throws ProblemException 400 when they do not go together
     */
    static @Nullable Identified of(HttpServletRequest request, String topic, Acks acks, boolean async) {
        String key = request.getHeader(IdempotencyKey.HEADER);
        long ifEnd = IfMatch.of(request.getHeader(IfMatch.HEADER));
        String id = request.getHeader(PRODUCER_ID);
        String epoch = request.getHeader(PRODUCER_EPOCH);
        String sequence = request.getHeader(PRODUCER_SEQ);
        boolean counts = id != null || epoch != null || sequence != null;
        if (key == null && !counts && ifEnd == IfMatch.ANY_END) {
            return null;
        }
        if (acks != Acks.ALL || async) {
            throw bad(
                    "what must not be written twice, or only on a condition, needs acks=all and an answer (no async)");
        }
        if (key != null && counts) {
            throw bad("Idempotency-Key and Producer-Id exclude each other");
        }
        if (key != null) {
            IdempotencyKey parsed = IdempotencyKey.of(topic, key);
            return new Identified(parsed, parsed.identity(), 0, ifEnd);
        }
        if (!counts) {
            return new Identified(null, null, 0, ifEnd);
        }
        if (id == null || epoch == null || sequence == null) {
            throw bad("Producer-Id, Producer-Epoch and Producer-Seq go together; one of them is missing");
        }
        return new Identified(
                null,
                new ProducerIdentity(number(PRODUCER_ID, id, Long.MAX_VALUE), (short)
                        number(PRODUCER_EPOCH, epoch, Short.MAX_VALUE)),
                (int) number(PRODUCER_SEQ, sequence, Integer.MAX_VALUE),
                ifEnd);
    }

    private static long number(String header, String text, long max) {
        try {
            long value = text.startsWith("+") ? -1 : Long.parseLong(text.strip());
            if (value >= 0 && value <= max) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            throw bad(header + " must be a whole number from 0 to " + max);
        }
        throw bad(header + " must be a whole number from 0 to " + max);
    }

    private static ProblemException bad(String detail) {
        return Problem.of(ProblemKind.BAD_PARAMETER, detail).exception();
    }

    /** Writes the record and answers. */
    void produce(Exchange exchange, TopicState topic, RecordInput record, Identified who) {
        if (who.ifEnd() != IfMatch.ANY_END && record.partition < 0) {
            throw bad("If-Match speaks of one partition: name it, in the path or as ?partition=");
        }
        int partition = place(topic, record, who);
        if (partition < 0) {
            exchange.fail(ProduceBatcher.noSuchPartition(topic, record.partition()));
            return;
        }
        long timestamp = record.timestamp();
        TopicPartition at = new TopicPartition(topic.name(), partition);
        ProducerIdentity identity = who.identity();
        if (identity == null) {
            writes.write(topic, partition, record, timestamp, null, 0, who.ifEnd())
                    .whenComplete((written, error) -> {
                        if (error != null) {
                            exchange.fail(error);
                        } else {
                            answer(exchange, at, written, timestamp, false);
                        }
                    });
            return;
        }
        byte[] key = copy(record.key, record.keyOffset, record.keyLength);
        byte[] value = copy(record.value, record.valueOffset, record.valueLength);
        Place place = new Place(identity, topic.name(), partition);
        writes.write(topic, partition, record, timestamp, identity, who.sequence(), who.ifEnd())
                .whenComplete((written, error) -> {
                    if (error != null) {
                        exchange.fail(who.key() == null ? withExpected(error, place) : error);
                    } else if (written.offset() < 0) {
                        answer(exchange, at, written, timestamp, true);
                    } else {
                        compare(exchange, at, written, new ReadBack.Stored(timestamp, key, value), who, place);
                    }
                });
    }

    private static int place(TopicState topic, RecordInput record, Identified who) {
        int count = topic.partitions();
        if (record.partition >= 0) {
            return record.partition < count ? record.partition : -1;
        }
        if (record.keyLength >= 0) {
            return Murmur2.partition(record.key, record.keyOffset, record.keyLength, count);
        }
        if (who.key() == null) {
            throw bad("sequence numbers count within a partition: name it, or give the record a key");
        }
        return who.key().partition(count);
    }

    private static byte @Nullable [] copy(byte[] bytes, int offset, int length) {
        return length < 0 ? null : Arrays.copyOfRange(bytes, offset, offset + length);
    }

    /** What stands at the offset tells whether it was this request that wrote it, and what to answer if it was another. */
    private void compare(
            Exchange exchange,
            TopicPartition at,
            IdentifiedWrites.Written written,
            ReadBack.Stored sent,
            Identified who,
            Place place) {
        readBack.at(at, written.offset()).whenComplete((stored, error) -> {
            boolean repeated = noteSequence(place, who.sequence());
            if (error != null || stored == null) {
                // It is written all the same; only whether it was before is not known.
                answer(exchange, at, written, sent.timestamp(), repeated);
            } else if (!Arrays.equals(stored.value(), sent.value()) || !Arrays.equals(stored.key(), sent.key())) {
                exchange.fail(reused(at, written.offset(), who));
            } else {
                repeated |= written.logAppendTime() < 0 && stored.timestamp() != sent.timestamp();
                answer(exchange, at, written, stored.timestamp(), repeated);
            }
        });
    }

    private static Problem reused(TopicPartition at, long offset, Identified who) {
        return Problem.of(
                        ProblemKind.KEY_REUSED,
                        (who.key() == null ? "this sequence number" : "this Idempotency-Key")
                                + " was used for another record, which stands at offset " + offset + " of " + at
                                + "; nothing was written now")
                .with("offset", offset);
    }

    /** Remembers the sequence; true when it, or a later one, was here before. */
    private boolean noteSequence(Place place, int sequence) {
        synchronized (nextSequences) {
            Integer next = nextSequences.get(place);
            if (next != null && sequence < next) {
                return true;
            }
            nextSequences.put(place, sequence == Integer.MAX_VALUE ? 0 : sequence + 1);
            return false;
        }
    }

    private Throwable withExpected(Throwable error, Place place) {
        Throwable cause = error.getCause() == null ? error : error.getCause();
        if (cause instanceof ProblemException known && known.problem().kind() == ProblemKind.OUT_OF_SEQUENCE) {
            synchronized (nextSequences) {
                Integer next = nextSequences.get(place);
                return next == null
                        ? cause
                        : known.problem().with("expected_sequence", next).exception();
            }
        }
        return cause;
    }

    private static void answer(
            Exchange exchange, TopicPartition at, IdentifiedWrites.Written written, long timestamp, boolean repeated) {
        JsonOut body = new JsonOut(160);
        body.ascii("{\"topic\":\"").ascii(at.topic()).ascii("\",\"partition\":").number(at.partition());
        body.ascii(",\"offset\":");
        if (written.offset() < 0) {
            body.ascii("null,\"timestamp\":null}\n");
        } else {
            body.number(written.offset())
                    .ascii(",\"timestamp\":")
                    .number(timestamp)
                    .ascii("}\n");
            exchange.header(
                    "Location",
                    "/v1/topics/" + at.topic() + "/partitions/" + at.partition() + "/records/" + written.offset());
        }
        if (repeated) {
            exchange.header("Idempotency-Replayed", "true");
        }
        exchange.answer(repeated ? 200 : 201, MediaTypes.JSON, body);
    }
}
