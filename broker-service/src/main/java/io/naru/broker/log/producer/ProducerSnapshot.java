package io.naru.broker.log.producer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.zip.CRC32C;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Contents of a {@code .snapshot} file: the idempotence state of a partition up to the offset in the file's name. Big-endian:
 *
 * <pre>
 *  byte  size  field
 *     0     2  version     int16, 1
 *     2     4  crc         uint32, CRC-32C of everything from byte 6 to the end
 *     6     4  count       int32
 *    10  46×n  entries:
 *           8    producerId                 int64
 *           2    producerEpoch              int16
 *           4    lastSequence               int32, -1 when the epoch has appended nothing
 *           8    lastOffset                 int64, -1 likewise
 *           4    offsetDelta                int32, records of the batch less one
 *           8    timestamp                  int64, ms, of the producer's last append
 *           4    coordinatorEpoch           int32, of its last transaction marker, -1 none
 *           8    currentTxnFirstOffset      int64, -1 when no transaction is open
 * </pre>
 *
 * <p>Kafka writes one entry per producer and so remembers one batch across a restart. Naru writes one entry per kept batch, oldest
 * first: Kafka's readers take the last entry of a producer id and see what Kafka would have written, Naru finds all five again.
 */
public final class ProducerSnapshot {

    private static final short VERSION = 1;
    private static final int CRC = 2;
    private static final int COUNT = 6;
    private static final int HEADER = 10;
    private static final int ENTRY = 46;

    private ProducerSnapshot() {}

    /** Most bytes that a snapshot can have. */
    public static long bytesMax() {
        return HEADER + (long) ProducerStates.PRODUCERS_MAX * ProducerState.BATCHES_KEPT * ENTRY;
    }

    /** The bytes of a snapshot file, from position to limit. */
    public static ByteBuffer encode(ProducerStates states) {
        int count = 0;
        for (ProducerState state : states.oldestFirst()) {
            count += Math.max(1, state.batches().size());
        }
        ByteBuffer out = ByteBuffer.allocate(HEADER + count * ENTRY);
        out.putShort(VERSION).putInt(0).putInt(count);
        for (ProducerState state : states.oldestFirst()) {
            encode(state, out);
        }
        out.flip();
        out.putInt(CRC, (int) crc(out));
        return out;
    }

    private static void encode(ProducerState state, ByteBuffer out) {
        List<ProducerBatch> batches = state.batches();
        if (batches.isEmpty()) {
            batches = List.of(new ProducerBatch(
                    state.producerId(),
                    state.epoch(),
                    RecordBatch.NO_SEQUENCE,
                    RecordBatch.NO_SEQUENCE,
                    -1,
                    -1,
                    state.updatedMs()));
        }
        for (ProducerBatch batch : batches) {
            out.putLong(batch.producerId())
                    .putShort(batch.producerEpoch())
                    .putInt(batch.lastSequence())
                    .putLong(batch.lastOffset())
                    .putInt((int) (batch.lastOffset() - batch.firstOffset()))
                    .putLong(state.updatedMs())
                    .putInt(state.coordinatorEpoch())
                    .putLong(state.transactionFirstOffset().orElse(-1));
        }
    }

    /** Replaces what {@code states} knows by the contents of a snapshot file; throws, changing nothing, when they are damaged. */
    public static void decode(ByteBuffer bytes, ProducerStates states) throws IOException {
        ByteBuffer in = bytes.slice();
        if (in.limit() < HEADER || in.getShort(0) != VERSION) {
            throw new IOException("not a producer snapshot of version " + VERSION);
        }
        int count = in.getInt(COUNT);
        if (count < 0 || in.limit() != HEADER + (long) count * ENTRY) {
            throw new IOException("producer snapshot of " + in.limit() + " bytes with " + count + " entries");
        }
        if (Integer.toUnsignedLong(in.getInt(CRC)) != crc(in)) {
            throw new IOException("producer snapshot does not match its CRC");
        }
        in.position(HEADER);
        Map<Long, ProducerState> restored = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            decodeEntry(in, restored);
        }
        states.restore(restored);
    }

    private static void decodeEntry(ByteBuffer in, Map<Long, ProducerState> restored) {
        long producerId = in.getLong();
        short epoch = in.getShort();
        int lastSequence = in.getInt();
        long lastOffset = in.getLong();
        int delta = in.getInt();
        long timestamp = in.getLong();
        int coordinatorEpoch = in.getInt();
        long transactionFirstOffset = in.getLong();
        ProducerState state = restored.computeIfAbsent(producerId, id -> new ProducerState(id, epoch));
        if (lastSequence != RecordBatch.NO_SEQUENCE) {
            int firstSequence = Sequences.minus(lastSequence, delta);
            state.add(
                    new ProducerBatch(
                            producerId, epoch, firstSequence, lastSequence, lastOffset - delta, lastOffset, timestamp),
                    false,
                    timestamp);
        }
        OptionalLong open = transactionFirstOffset < 0 ? OptionalLong.empty() : OptionalLong.of(transactionFirstOffset);
        state.restore(coordinatorEpoch, open, timestamp);
    }

    private static long crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(COUNT, bytes.limit() - COUNT));
        return crc.getValue();
    }
}
