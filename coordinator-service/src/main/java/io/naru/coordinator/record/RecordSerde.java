package io.naru.coordinator.record;

import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupCurrentMemberAssignment;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupMemberMetadata;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupMetadata;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupPartitionMetadata;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupRegularExpression;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupTargetAssignmentMember;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupTargetAssignmentMetadata;
import io.naru.coordinator.record.CoordinatorRecord.GroupMetadata;
import io.naru.coordinator.record.CoordinatorRecord.OffsetCommit;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.apache.kafka.common.protocol.types.Struct;
import org.jspecify.annotations.Nullable;

/** Records to keys and values of log records, and back. Stateless and thread-safe. */
public final class RecordSerde {

    private static final short LEGACY_OFFSET_COMMIT = 0;

    private static final Map<Class<?>, RecordFormat<?>> BY_CLASS = new HashMap<>();
    private static final Map<Short, RecordFormat<?>> BY_TYPE = new HashMap<>();

    static {
        register(OffsetCommit.class, new OffsetCommitFormat());
        register(GroupMetadata.class, new GroupMetadataFormat());
        register(ConsumerGroupMetadata.class, new ConsumerGroupMetadataFormat());
        register(ConsumerGroupPartitionMetadata.class, new PartitionMetadataFormat());
        register(ConsumerGroupMemberMetadata.class, new MemberMetadataFormat());
        register(ConsumerGroupTargetAssignmentMetadata.class, new TargetAssignmentMetadataFormat());
        register(ConsumerGroupTargetAssignmentMember.class, new TargetAssignmentMemberFormat());
        register(ConsumerGroupCurrentMemberAssignment.class, new CurrentMemberAssignmentFormat());
        register(ConsumerGroupRegularExpression.class, new RegularExpressionFormat());
        BY_TYPE.put(LEGACY_OFFSET_COMMIT, new OffsetCommitFormat());
    }

    private RecordSerde() {}

    private static <R extends CoordinatorRecord> void register(Class<R> type, RecordFormat<R> format) {
        BY_CLASS.put(type, format);
        BY_TYPE.put(format.type(), format);
    }

    /** The record's key. */
    public static byte[] key(CoordinatorRecord record) {
        RecordFormat<CoordinatorRecord> format = format(record);
        Struct struct = new Struct(format.keySchema());
        format.writeKey(record, struct);
        return bytes(format.type(), struct);
    }

    /** The record's value, or null for a tombstone. */
    public static byte @Nullable [] value(CoordinatorRecord record) {
        if (record.value() == null) {
            return null;
        }
        RecordFormat<CoordinatorRecord> format = format(record);
        short version = format.valueVersion(record);
        Schema schema = format.valueSchemas()[version];
        if (schema == null) {
            throw new IllegalStateException("no version " + version + " of type " + format.type());
        }
        Struct struct = new Struct(schema);
        format.writeValue(record, struct);
        return bytes(version, struct);
    }

    /**
     * Reads a record.
     *
     * @param key   whole key
     * @param value whole value, or null for a tombstone
     * @return empty for types that are not served here: share and streams groups, and what later versions of Kafka add
     * @throws UnreadableRecordException if the type is known and the rest is not what it should be
     */
    public static Optional<CoordinatorRecord> read(ByteBuffer key, @Nullable ByteBuffer value) {
        try {
            ByteBuffer keyBytes = key.duplicate();
            short type = keyBytes.getShort();
            RecordFormat<?> format = BY_TYPE.get(type);
            if (format == null) {
                return Optional.empty();
            }
            Struct keyStruct = format.keySchema().read(keyBytes);
            if (value == null) {
                return Optional.of(format.read(keyStruct, (short) -1, null));
            }
            ByteBuffer valueBytes = value.duplicate();
            short version = valueBytes.getShort();
            Schema[] schemas = format.valueSchemas();
            if (version < 0 || version >= schemas.length || schemas[version] == null) {
                throw new UnreadableRecordException("type " + type + " has no value version " + version);
            }
            return Optional.of(format.read(keyStruct, version, schemas[version].read(valueBytes)));
        } catch (java.nio.BufferUnderflowException | SchemaException | IllegalArgumentException e) {
            throw new UnreadableRecordException("a record of a group shard is cut short or garbled", e);
        }
    }

    /** The format was registered under the record's own class. */
    @SuppressWarnings("unchecked")
    private static RecordFormat<CoordinatorRecord> format(CoordinatorRecord record) {
        RecordFormat<?> format = BY_CLASS.get(record.getClass());
        if (format == null) {
            throw new IllegalStateException("no format for " + record.getClass());
        }
        return (RecordFormat<CoordinatorRecord>) format;
    }

    private static byte[] bytes(short prefix, Struct struct) {
        ByteBuffer buffer = ByteBuffer.allocate(Short.BYTES + struct.sizeOf());
        buffer.putShort(prefix);
        struct.writeTo(buffer);
        return buffer.array();
    }
}
