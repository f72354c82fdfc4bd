package io.naru.coordinator.record;

import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupTargetAssignmentMetadata;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupTargetAssignmentMetadata.Target;
import java.util.TreeMap;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.Type;
import org.jspecify.annotations.Nullable;

/** Type 6. */
final class TargetAssignmentMetadataFormat implements RecordFormat<ConsumerGroupTargetAssignmentMetadata> {

    private static final int TAG_TIMESTAMP = 0;
    private static final Schema V0 = new Schema(
            new Field("assignment_epoch", Type.INT32),
            Field.TaggedFieldsSection.of(TAG_TIMESTAMP, new Field("assignment_timestamp", Type.INT64)));
    private static final @Nullable Schema[] SCHEMAS = {V0};

    @Override
    public short type() {
        return 6;
    }

    @Override
    public Schema keySchema() {
        return Structs.GROUP_KEY;
    }

    @Override
    public @Nullable Schema[] valueSchemas() {
        return SCHEMAS;
    }

    @Override
    public void writeKey(ConsumerGroupTargetAssignmentMetadata record, Struct key) {
        key.set("group_id", record.groupId());
    }

    @Override
    public void writeValue(ConsumerGroupTargetAssignmentMetadata record, Struct struct) {
        Target value = record.value();
        if (value == null) {
            throw new IllegalArgumentException("tombstone");
        }
        struct.set("assignment_epoch", value.assignmentEpoch());
        TreeMap<Integer, Object> tags = new TreeMap<>();
        if (value.timestampMs() != 0) {
            tags.put(TAG_TIMESTAMP, value.timestampMs());
        }
        Structs.tag(struct, tags);
    }

    @Override
    public ConsumerGroupTargetAssignmentMetadata read(Struct key, short version, @Nullable Struct value) {
        Target target = null;
        if (value != null) {
            Object timestamp = Structs.tagged(value, TAG_TIMESTAMP);
            target = new Target(value.getInt("assignment_epoch"), timestamp == null ? 0 : (Long) timestamp);
        }
        return new ConsumerGroupTargetAssignmentMetadata(key.getString("group_id"), target);
    }
}
