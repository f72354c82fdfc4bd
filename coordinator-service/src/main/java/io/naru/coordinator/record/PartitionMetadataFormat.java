package io.naru.coordinator.record;

import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupPartitionMetadata;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupPartitionMetadata.Topic;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.types.CompactArrayOf;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.Type;
import org.jspecify.annotations.Nullable;

/** Type 4. The racks of partitions are not kept: nothing here reads them. */
final class PartitionMetadataFormat implements RecordFormat<ConsumerGroupPartitionMetadata> {

    private static final Schema PARTITION = new Schema(
            new Field("partition", Type.INT32),
            new Field("racks", new CompactArrayOf(Type.COMPACT_STRING)),
            Field.TaggedFieldsSection.of());
    private static final Schema TOPIC = new Schema(
            new Field("topic_id", Type.UUID),
            new Field("topic_name", Type.COMPACT_STRING),
            new Field("num_partitions", Type.INT32),
            new Field("partition_metadata", new CompactArrayOf(PARTITION)),
            Field.TaggedFieldsSection.of());
    private static final Schema V0 =
            new Schema(new Field("topics", new CompactArrayOf(TOPIC)), Field.TaggedFieldsSection.of());
    private static final @Nullable Schema[] SCHEMAS = {V0};

    @Override
    public short type() {
        return 4;
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
    public void writeKey(ConsumerGroupPartitionMetadata record, Struct key) {
        key.set("group_id", record.groupId());
    }

    @Override
    public void writeValue(ConsumerGroupPartitionMetadata record, Struct struct) {
        List<Topic> value = record.value();
        if (value == null) {
            throw new IllegalArgumentException("tombstone");
        }
        Structs.setArray(struct, "topics", value, (topic, element) -> {
            element.set("topic_id", topic.topicId());
            element.set("topic_name", topic.name());
            element.set("num_partitions", topic.partitions());
            element.set("partition_metadata", new Object[0]);
            Structs.tagNothing(element);
        });
        Structs.tagNothing(struct);
    }

    @Override
    public ConsumerGroupPartitionMetadata read(Struct key, short version, @Nullable Struct value) {
        return new ConsumerGroupPartitionMetadata(
                key.getString("group_id"),
                value == null
                        ? null
                        : Structs.readArray(
                                value,
                                "topics",
                                topic -> new Topic(
                                        (Uuid) topic.get("topic_id"),
                                        topic.getString("topic_name"),
                                        topic.getInt("num_partitions"))));
    }
}
