package io.naru.coordinator.record;

import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupMetadata;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupMetadata.Epoch;
import java.util.TreeMap;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.Type;
import org.jspecify.annotations.Nullable;

/** Type 3. */
final class ConsumerGroupMetadataFormat implements RecordFormat<ConsumerGroupMetadata> {

    private static final int TAG_METADATA_HASH = 0;
    private static final Schema V0 = new Schema(
            new Field("epoch", Type.INT32),
            Field.TaggedFieldsSection.of(TAG_METADATA_HASH, new Field("metadata_hash", Type.INT64)));
    private static final @Nullable Schema[] SCHEMAS = {V0};

    @Override
    public short type() {
        return 3;
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
    public void writeKey(ConsumerGroupMetadata record, Struct key) {
        key.set("group_id", record.groupId());
    }

    @Override
    public void writeValue(ConsumerGroupMetadata record, Struct struct) {
        Epoch value = record.value();
        if (value == null) {
            throw new IllegalArgumentException("tombstone");
        }
        struct.set("epoch", value.epoch());
        TreeMap<Integer, Object> tags = new TreeMap<>();
        if (value.metadataHash() != 0) {
            tags.put(TAG_METADATA_HASH, value.metadataHash());
        }
        Structs.tag(struct, tags);
    }

    @Override
    public ConsumerGroupMetadata read(Struct key, short version, @Nullable Struct value) {
        Epoch epoch = null;
        if (value != null) {
            Object hash = Structs.tagged(value, TAG_METADATA_HASH);
            epoch = new Epoch(value.getInt("epoch"), hash == null ? 0 : (Long) hash);
        }
        return new ConsumerGroupMetadata(key.getString("group_id"), epoch);
    }
}
