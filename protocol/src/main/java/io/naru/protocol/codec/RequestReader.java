package io.naru.protocol.codec;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * What kafka-clients' generated parsers read from. Stricter than theirs in two things, at any depth: unknown tags ascend (KIP-482), and
 * what is not records is paid for before it becomes objects.
 */
final class RequestReader extends ByteBufferAccessor {

    private final int size;
    private final @Nullable StructureMemory structure;
    private int recordBytes;

    /** @param structure where what is not records is paid; null when that has been done */
    RequestReader(ByteBuffer body, @Nullable StructureMemory structure) {
        super(body);
        this.size = body.remaining();
        this.structure = structure;
    }

    /** The generated parsers size a collection by a count that is no larger than this. */
    @Override
    public int remaining() {
        int remaining = super.remaining();
        if (structure == null) {
            return remaining;
        }
        int used = size - remaining - recordBytes;
        if (!structure.covers(used)) {
            throw new InvalidRequestException("more topics and partitions than there is memory for");
        }
        return (int) Math.min(remaining, structure.coverable() - used);
    }

    @Override
    public int readInt() {
        pay();
        return super.readInt();
    }

    @Override
    public int readUnsignedVarint() {
        pay();
        return super.readUnsignedVarint();
    }

    /** Every field begins with one of those that call this; so nothing gets further than one field before it is paid for. */
    private void pay() {
        if (structure != null) {
            remaining();
        }
    }

    @Override
    public MemoryRecords readRecords(int length) {
        recordBytes += Math.max(0, length);
        return super.readRecords(length);
    }

    @Override
    public List<RawTaggedField> readUnknownTaggedField(@Nullable List<RawTaggedField> before, int tag, int size) {
        if (before != null && !before.isEmpty() && before.get(before.size() - 1).tag() >= tag) {
            throw new InvalidRequestException(
                    "tag " + tag + " after tag " + before.get(before.size() - 1).tag());
        }
        return super.readUnknownTaggedField(before, tag, size);
    }
}
