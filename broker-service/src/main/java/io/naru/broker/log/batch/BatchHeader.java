package io.naru.broker.log.batch;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Layout of a record batch of magic 2, on the wire and in {@code .log} files alike; big-endian. {@code at} is always the position
 * of the first byte of the batch in the buffer.
 *
 * <pre>
 *  byte  size  field
 *     0     8  baseOffset            int64
 *     8     4  batchLength           int32, bytes after this field
 *    12     4  partitionLeaderEpoch  int32
 *    16     1  magic                 int8, 2
 *    17     4  crc                   uint32, CRC-32C of everything from byte 21 to the end
 *    21     2  attributes            int16: 0-2 compression (none gzip snappy lz4 zstd), 3 timestamp type (0 create, 1 append),
 *                                    4 transactional, 5 control, 6 baseTimestamp is the delete horizon
 *    23     4  lastOffsetDelta       int32
 *    27     8  baseTimestamp         int64, ms
 *    35     8  maxTimestamp          int64, ms
 *    43     8  producerId            int64, -1 none
 *    51     2  producerEpoch         int16, -1 none
 *    53     4  baseSequence          int32, -1 none
 *    57     4  recordCount           int32
 *    61     …  records, compressed as a whole
 * </pre>
 *
 * <p>Base offset, length, leader epoch and magic are outside the CRC: a leader stamps offset and epoch without touching it, and
 * recovery must check them by other means.
 */
public final class BatchHeader {

    /** Bytes before the part that {@code batchLength} counts. */
    public static final int LOG_OVERHEAD = 12;

    /** Bytes of the whole header. */
    public static final int SIZE = 61;

    /** First byte that the CRC covers. */
    public static final int CRC_COVERS_FROM = 21;

    static final int BASE_OFFSET = 0;
    static final int LENGTH = 8;
    static final int LEADER_EPOCH = 12;
    static final int MAGIC = 16;
    static final int CRC = 17;
    static final int ATTRIBUTES = CRC_COVERS_FROM;
    static final int LAST_OFFSET_DELTA = 23;
    static final int BASE_TIMESTAMP = 27;
    static final int MAX_TIMESTAMP = 35;
    static final int PRODUCER_ID = 43;
    static final int PRODUCER_EPOCH = 51;
    static final int BASE_SEQUENCE = 53;
    static final int RECORD_COUNT = 57;

    static final int COMPRESSION_MASK = 0x07;
    static final int LOG_APPEND_TIME_FLAG = 0x08;
    static final int TRANSACTIONAL_FLAG = 0x10;
    static final int CONTROL_FLAG = 0x20;
    static final int DELETE_HORIZON_FLAG = 0x40;

    private BatchHeader() {}

    /** First offset of the batch. */
    public static long baseOffset(ByteBuffer buffer, int at) {
        return buffer.getLong(at + BASE_OFFSET);
    }

    /** Last offset of the batch; compaction may have taken the record itself. */
    public static long lastOffset(ByteBuffer buffer, int at) {
        return baseOffset(buffer, at) + lastOffsetDelta(buffer, at);
    }

    /** Last offset less the first. */
    public static int lastOffsetDelta(ByteBuffer buffer, int at) {
        return buffer.getInt(at + LAST_OFFSET_DELTA);
    }

    /** Bytes of the batch with its header; may be nonsense, even negative, when the bytes are not a batch. */
    public static long sizeInBytes(ByteBuffer buffer, int at) {
        return (long) buffer.getInt(at + LENGTH) + LOG_OVERHEAD;
    }

    /** Format version; 2 is the only one Naru writes or reads. */
    public static byte magic(ByteBuffer buffer, int at) {
        return buffer.get(at + MAGIC);
    }

    /** Epoch of the leader that appended the batch. */
    public static int leaderEpoch(ByteBuffer buffer, int at) {
        return buffer.getInt(at + LEADER_EPOCH);
    }

    /** Largest timestamp of the records, ms; -1 when they have none. */
    public static long maxTimestamp(ByteBuffer buffer, int at) {
        return buffer.getLong(at + MAX_TIMESTAMP);
    }

    /** Timestamp to which the deltas of the records are added, ms. */
    public static long baseTimestamp(ByteBuffer buffer, int at) {
        return buffer.getLong(at + BASE_TIMESTAMP);
    }

    /** Producer id, or -1. */
    public static long producerId(ByteBuffer buffer, int at) {
        return buffer.getLong(at + PRODUCER_ID);
    }

    /** Producer epoch, or -1. */
    public static short producerEpoch(ByteBuffer buffer, int at) {
        return buffer.getShort(at + PRODUCER_EPOCH);
    }

    /** Sequence of the first record, or -1. */
    public static int baseSequence(ByteBuffer buffer, int at) {
        return buffer.getInt(at + BASE_SEQUENCE);
    }

    /** Number of records. */
    public static int recordCount(ByteBuffer buffer, int at) {
        return buffer.getInt(at + RECORD_COUNT);
    }

    /** Attribute bits, see the table above. */
    public static int attributes(ByteBuffer buffer, int at) {
        return buffer.getShort(at + ATTRIBUTES);
    }

    /** Whether the batch carries control records (transaction markers), which no client sees. */
    public static boolean isControl(ByteBuffer buffer, int at) {
        return (attributes(buffer, at) & CONTROL_FLAG) != 0;
    }

    /** Whether the batch belongs to a transaction. */
    public static boolean isTransactional(ByteBuffer buffer, int at) {
        return (attributes(buffer, at) & TRANSACTIONAL_FLAG) != 0;
    }

    /** Whether a producer id marks the batch as idempotent. */
    public static boolean hasProducerId(ByteBuffer buffer, int at) {
        return producerId(buffer, at) > RecordBatch.NO_PRODUCER_ID;
    }

    /** CRC-32C as stored, unsigned. */
    public static long storedCrc(ByteBuffer buffer, int at) {
        return Integer.toUnsignedLong(buffer.getInt(at + CRC));
    }

    /** CRC-32C of the bytes as they are, unsigned; {@code size} is that of the whole batch. */
    public static long computeCrc(ByteBuffer buffer, int at, int size) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(at + ATTRIBUTES, size - ATTRIBUTES));
        return crc.getValue();
    }

    /** Fills in what the leader decides; both fields are outside the CRC. */
    public static void stamp(ByteBuffer buffer, int at, long baseOffset, int leaderEpoch) {
        buffer.putLong(at + BASE_OFFSET, baseOffset);
        buffer.putInt(at + LEADER_EPOCH, leaderEpoch);
    }

    /** Sets timestamp type and maximum, and the CRC that follows from them. */
    static void setMaxTimestamp(ByteBuffer buffer, int at, int size, boolean logAppendTime, long maxTimestamp) {
        int attributes = attributes(buffer, at) & ~LOG_APPEND_TIME_FLAG;
        buffer.putShort(at + ATTRIBUTES, (short) (logAppendTime ? attributes | LOG_APPEND_TIME_FLAG : attributes));
        buffer.putLong(at + MAX_TIMESTAMP, maxTimestamp);
        buffer.putInt(at + CRC, (int) computeCrc(buffer, at, size));
    }
}
