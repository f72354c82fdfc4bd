package io.naru.protocol.codec;

import io.naru.protocol.record.FileSlice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.Writable;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.utils.ByteUtils;

/**
 * Writes one frame (size, header, body) as a list of parts that Netty can send: buffers, and file regions in place of
 * {@link FileSlice}s. All fields share one pooled buffer of exactly the right size; record batches in memory are wrapped, not copied.
 */
final class MessageWriter implements Writable {

    private final ByteBuf buffer;
    private final List<Object> parts = new ArrayList<>(4);
    private int partStart;

    private MessageWriter(ByteBuf buffer) {
        this.buffer = buffer;
    }

    /**
     * Writes a frame. The caller owns the parts: each is written to the channel or released.
     *
     * @throws RuntimeException when the message cannot be expressed in that version; nothing is leaked then
     */
    static List<Object> frame(
            ByteBufAllocator allocator, Message header, short headerVersion, Message body, short bodyVersion) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        MessageSizeAccumulator size = new MessageSizeAccumulator();
        header.addSize(size, cache, headerVersion);
        body.addSize(size, cache, bodyVersion);
        ByteBuf buffer = allocator.ioBuffer(Integer.BYTES + size.sizeExcludingZeroCopy());
        MessageWriter writer = new MessageWriter(buffer);
        try {
            writer.writeInt(size.totalSize());
            header.write(writer, cache, headerVersion);
            body.write(writer, cache, bodyVersion);
            writer.endPart();
            return writer.parts;
        } catch (RuntimeException e) {
            writer.parts.forEach(io.netty.util.ReferenceCountUtil::release);
            throw e;
        } finally {
            buffer.release();
        }
    }

    private void endPart() {
        int length = buffer.writerIndex() - partStart;
        if (length > 0) {
            parts.add(buffer.retainedSlice(partStart, length));
            partStart = buffer.writerIndex();
        }
    }

    @Override
    public void writeRecords(BaseRecords records) {
        if (records.sizeInBytes() == 0) {
            return;
        }
        endPart();
        if (records instanceof FileSlice slice) {
            parts.add(new SliceRegion(slice));
        } else if (records instanceof MemoryRecords memory) {
            parts.add(Unpooled.wrappedBuffer(memory.buffer()));
        } else {
            throw new IllegalArgumentException("cannot send " + records.getClass());
        }
    }

    @Override
    public void writeByte(byte value) {
        buffer.writeByte(value);
    }

    @Override
    public void writeShort(short value) {
        buffer.writeShort(value);
    }

    @Override
    public void writeInt(int value) {
        buffer.writeInt(value);
    }

    @Override
    public void writeLong(long value) {
        buffer.writeLong(value);
    }

    @Override
    public void writeDouble(double value) {
        buffer.writeDouble(value);
    }

    @Override
    public void writeByteArray(byte[] value) {
        buffer.writeBytes(value);
    }

    @Override
    public void writeByteBuffer(ByteBuffer value) {
        buffer.writeBytes(value.duplicate());
    }

    @Override
    public void writeUnsignedVarint(int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            buffer.writeByte((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        buffer.writeByte(rest);
    }

    @Override
    public void writeVarint(int value) {
        writeUnsignedVarint((value << 1) ^ (value >> 31));
    }

    @Override
    public void writeVarlong(long value) {
        ByteBuffer bytes = ByteBuffer.allocate(ByteUtils.sizeOfVarlong(value));
        ByteUtils.writeVarlong(value, bytes);
        buffer.writeBytes(bytes.flip());
    }
}
