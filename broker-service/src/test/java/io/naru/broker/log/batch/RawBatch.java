package io.naru.broker.log.batch;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.ByteUtils;

/** A record batch put together by hand, so that every field can lie. */
final class RawBatch {

    private final ByteArrayOutputStream records = new ByteArrayOutputStream();
    private long baseOffset;
    private byte magic = 2;
    private int attributes;
    private int lastOffsetDelta = -1;
    private long baseTimestamp = BatchValidatorTest.NOW;
    private long producerId = -1;
    private short producerEpoch = -1;
    private int baseSequence = -1;
    private int count = -1;
    private int added;

    RawBatch record(String value) {
        return recordAt(added, 0, value);
    }

    RawBatch recordAt(int offsetDelta, long timestampDelta, String value) {
        byte[] body = body(offsetDelta, timestampDelta, value);
        return recordWithLength(body.length, body);
    }

    RawBatch recordWithLength(int length, byte[] body) {
        records.writeBytes(varint(length));
        records.writeBytes(body);
        added++;
        return this;
    }

    /** Body of a record with key {@code k} and no headers. */
    static byte[] body(int offsetDelta, long timestampDelta, String value) {
        return body(offsetDelta, timestampDelta, value, varint(0));
    }

    static byte[] body(int offsetDelta, long timestampDelta, String value, byte[] headers) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        ByteBuffer body = ByteBuffer.allocate(64 + bytes.length + headers.length);
        body.put((byte) 0);
        ByteUtils.writeVarlong(timestampDelta, body);
        ByteUtils.writeVarint(offsetDelta, body);
        ByteUtils.writeVarint(1, body);
        body.put((byte) 'k');
        ByteUtils.writeVarint(bytes.length, body);
        body.put(bytes).put(headers);
        byte[] out = new byte[body.position()];
        body.flip().get(out);
        return out;
    }

    static byte[] varint(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(5 * values.length);
        for (int value : values) {
            ByteUtils.writeVarint(value, bytes);
        }
        byte[] out = new byte[bytes.position()];
        bytes.flip().get(out);
        return out;
    }

    RawBatch baseOffset(long value) {
        baseOffset = value;
        return this;
    }

    RawBatch magic(int value) {
        magic = (byte) value;
        return this;
    }

    RawBatch attributes(int value) {
        attributes = value;
        return this;
    }

    RawBatch lastOffsetDelta(int value) {
        lastOffsetDelta = value;
        return this;
    }

    RawBatch baseTimestamp(long value) {
        baseTimestamp = value;
        return this;
    }

    RawBatch producer(long id, int epoch, int sequence) {
        producerId = id;
        producerEpoch = (short) epoch;
        baseSequence = sequence;
        return this;
    }

    RawBatch count(int value) {
        count = value;
        return this;
    }

    RawBatch bytes(byte... raw) {
        records.writeBytes(raw);
        return this;
    }

    ByteBuffer build() {
        byte[] body = records.toByteArray();
        int records = count == -1 ? added : count;
        ByteBuffer batch = ByteBuffer.allocate(BatchHeader.SIZE + body.length);
        batch.putLong(baseOffset)
                .putInt(BatchHeader.SIZE - BatchHeader.LOG_OVERHEAD + body.length)
                .putInt(-1)
                .put(magic)
                .putInt(0)
                .putShort((short) attributes)
                .putInt(lastOffsetDelta == -1 ? records - 1 : lastOffsetDelta)
                .putLong(baseTimestamp)
                .putLong(baseTimestamp)
                .putLong(producerId)
                .putShort(producerEpoch)
                .putInt(baseSequence)
                .putInt(records)
                .put(body);
        return seal(batch.flip());
    }

    /** Sets the CRC right after the bytes were changed. */
    static ByteBuffer seal(ByteBuffer batch) {
        return batch.putInt(BatchHeader.CRC, (int) BatchHeader.computeCrc(batch, 0, batch.limit()));
    }
}
