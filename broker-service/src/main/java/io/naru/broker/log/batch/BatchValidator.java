package io.naru.broker.log.batch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;

/**
 * What a leader checks before it appends a client's batch, in the order in which trust grows: frame, CRC, header against itself,
 * every record against the header, timestamps. Stateless; needs no lock. The answer for each way of being wrong:
 *
 * <pre>
 *   2 CORRUPT_MESSAGE               not a batch: length, magic other than 0 to 2, shorter than it says, CRC
 *  87 INVALID_RECORD                nothing, more than one batch, magic 0 or 1, header fields or records that contradict each other
 *  76 UNSUPPORTED_COMPRESSION_TYPE  codec 5 to 7
 *  10 MESSAGE_TOO_LARGE             above max.message.bytes, or unpacks to more than the limit
 *  32 INVALID_TIMESTAMP             negative, outside before/after.max.ms, or claims to be a log append time
 * </pre>
 */
public final class BatchValidator {

    private BatchValidator() {}

    /**
     * Checks the one batch in {@code records}. The bytes may be changed in place (timestamp type, maximum timestamp, CRC); with a
     * codec other than the log's the batch is packed anew.
     *
     * @param records from position to limit what the request holds for the partition
     * @throws ApiException of one of the kinds above
     */
    public static LeaderBatch validate(ByteBuffer records, BatchRules rules, long nowMs) {
        ByteBuffer batch = records.slice();
        checkFrame(batch, rules);
        checkHeader(batch);
        CompressionType codec = codec(batch);
        RecordScanner scanner = scanRecords(batch, codec, rules);
        checkTimestamps(batch, scanner, rules, nowMs);
        if (rules.compression().isPresent() && rules.compression().get().type() != codec) {
            batch = BatchRepacker.repack(batch, rules.compression().get());
            if (batch.remaining() > rules.maxMessageBytes()) {
                throw tooLarge(batch.remaining(), rules);
            }
        }
        settleTimestamps(batch, scanner, rules, nowMs);
        return new LeaderBatch(batch, rules.logAppendTime() ? nowMs : RecordBatch.NO_TIMESTAMP);
    }

    private static void checkFrame(ByteBuffer batch, BatchRules rules) {
        int bytes = batch.limit();
        if (bytes == 0) {
            throw new InvalidRecordException("no record batch");
        }
        if (bytes <= BatchHeader.MAGIC) {
            throw new CorruptRecordException(bytes + " bytes are less than a batch header");
        }
        long size = BatchHeader.sizeInBytes(batch, 0);
        byte magic = BatchHeader.magic(batch, 0);
        if (size <= BatchHeader.MAGIC || magic < 0 || magic > RecordBatch.MAGIC_VALUE_V2) {
            throw new CorruptRecordException("batch of " + size + " bytes and magic " + magic);
        }
        if (magic < RecordBatch.MAGIC_VALUE_V2) {
            throw new InvalidRecordException("record batches of magic " + magic + " are not taken any more");
        }
        if (size < BatchHeader.SIZE || size > bytes) {
            throw new CorruptRecordException("batch of " + size + " bytes where " + bytes + " were sent");
        }
        if (size < bytes) {
            throw new InvalidRecordException(
                    (bytes - size) + " bytes after the one batch that a partition may be sent");
        }
        if (size > rules.maxMessageBytes()) {
            throw tooLarge(size, rules);
        }
        if (BatchHeader.storedCrc(batch, 0) != BatchHeader.computeCrc(batch, 0, bytes)) {
            throw new CorruptRecordException("record batch does not match its CRC");
        }
    }

    private static void checkHeader(ByteBuffer batch) {
        int count = BatchHeader.recordCount(batch, 0);
        int lastOffsetDelta = BatchHeader.lastOffsetDelta(batch, 0);
        if (count <= 0 || lastOffsetDelta != count - 1) {
            throw new InvalidRecordException(
                    "batch of " + count + " records with last offset delta " + lastOffsetDelta);
        }
        if (BatchHeader.baseOffset(batch, 0) != 0) {
            throw new InvalidRecordException(
                    "batch with base offset " + BatchHeader.baseOffset(batch, 0) + ", which the leader sets");
        }
        if (BatchHeader.isControl(batch, 0)) {
            throw new InvalidRecordException("control batches are not taken from clients");
        }
        if ((BatchHeader.attributes(batch, 0) & BatchHeader.DELETE_HORIZON_FLAG) != 0) {
            throw new InvalidRecordException("batch with a delete horizon, which compaction sets");
        }
        long producerId = BatchHeader.producerId(batch, 0);
        if (producerId < RecordBatch.NO_PRODUCER_ID) {
            throw new InvalidRecordException("batch with producer id " + producerId);
        }
        if (producerId >= 0 && (BatchHeader.baseSequence(batch, 0) < 0 || BatchHeader.producerEpoch(batch, 0) < 0)) {
            throw new InvalidRecordException("batch of producer " + producerId + " with sequence "
                    + BatchHeader.baseSequence(batch, 0) + " and epoch " + BatchHeader.producerEpoch(batch, 0));
        }
        if (producerId < 0 && BatchHeader.isTransactional(batch, 0)) {
            throw new InvalidRecordException("transactional batch without producer id");
        }
    }

    private static CompressionType codec(ByteBuffer batch) {
        int id = BatchHeader.attributes(batch, 0) & BatchHeader.COMPRESSION_MASK;
        if (id > CompressionType.ZSTD.id) {
            throw new UnsupportedCompressionTypeException("compression codec " + id);
        }
        return CompressionType.forId(id);
    }

    private static RecordScanner scanRecords(ByteBuffer batch, CompressionType codec, BatchRules rules) {
        int count = BatchHeader.recordCount(batch, 0);
        long baseTimestamp = BatchHeader.baseTimestamp(batch, 0);
        ByteBuffer records = batch.slice(BatchHeader.SIZE, batch.limit() - BatchHeader.SIZE);
        try {
            if (codec == CompressionType.NONE) {
                RecordScanner scanner = RecordScanner.over(records);
                scanner.scan(count, baseTimestamp, rules.keysRequired());
                return scanner;
            }
            if (codec == CompressionType.SNAPPY) {
                SnappyBounds.check(records, rules.maxDecompressedBytes());
            }
            try (InputStream unpacked = Compression.of(codec)
                    .build()
                    .wrapForInput(records, RecordBatch.MAGIC_VALUE_V2, BufferSupplier.NO_CACHING)) {
                RecordScanner scanner = RecordScanner.over(unpacked, rules.maxDecompressedBytes());
                scanner.scan(count, baseTimestamp, rules.keysRequired());
                return scanner;
            }
        } catch (InvalidRecordException | RecordTooLargeException e) {
            throw e;
        } catch (IOException | RuntimeException | LinkageError e) {
            // Codecs report junk in many ways; all of them mean that these bytes are not records.
            throw new InvalidRecordException("records do not unpack as " + codec.name + ": " + e.getMessage(), e);
        }
    }

    /** Records without a timestamp (-1) have nothing to be checked. */
    private static void checkTimestamps(ByteBuffer batch, RecordScanner scanner, BatchRules rules, long nowMs) {
        if ((BatchHeader.attributes(batch, 0) & BatchHeader.LOG_APPEND_TIME_FLAG) != 0) {
            throw new InvalidTimestampException("a producer does not set log append times");
        }
        if (rules.logAppendTime() || scanner.minTimestamp() == Long.MAX_VALUE) {
            return;
        }
        long min = scanner.minTimestamp();
        long max = scanner.maxTimestamp();
        if (min < 0 || nowMs - min > rules.timestampBeforeMaxMs() || max - nowMs > rules.timestampAfterMaxMs()) {
            throw new InvalidTimestampException(
                    "timestamps from " + min + " to " + max + " at " + nowMs + ", where " + rules.timestampBeforeMaxMs()
                            + " ms before and " + rules.timestampAfterMaxMs() + " ms after are taken");
        }
    }

    private static void settleTimestamps(ByteBuffer batch, RecordScanner scanner, BatchRules rules, long nowMs) {
        if (rules.logAppendTime()) {
            BatchHeader.setMaxTimestamp(batch, 0, batch.limit(), true, nowMs);
        } else if (BatchHeader.maxTimestamp(batch, 0) != scanner.maxTimestamp()) {
            BatchHeader.setMaxTimestamp(batch, 0, batch.limit(), false, scanner.maxTimestamp());
        }
    }

    private static RecordTooLargeException tooLarge(long size, BatchRules rules) {
        return new RecordTooLargeException(
                "batch of " + size + " bytes, more than the " + rules.maxMessageBytes() + " of max.message.bytes");
    }
}
