package io.naru.coordinator.record;

import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupTargetAssignmentMember;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.types.CompactArrayOf;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.Type;
import org.jspecify.annotations.Nullable;

/** Type 7. */
final class TargetAssignmentMemberFormat implements RecordFormat<ConsumerGroupTargetAssignmentMember> {

    private static final Schema TOPIC = new Schema(
            new Field("topic_id", Type.UUID),
            new Field("partitions", new CompactArrayOf(Type.INT32)),
            Field.TaggedFieldsSection.of());
    private static final Schema V0 =
            new Schema(new Field("topic_partitions", new CompactArrayOf(TOPIC)), Field.TaggedFieldsSection.of());
    private static final @Nullable Schema[] SCHEMAS = {V0};

    @Override
    public short type() {
        return 7;
    }

    @Override
    public Schema keySchema() {
        return Structs.MEMBER_KEY;
    }

    @Override
    public @Nullable Schema[] valueSchemas() {
        return SCHEMAS;
    }

    @Override
    public void writeKey(ConsumerGroupTargetAssignmentMember record, Struct key) {
        key.set("group_id", record.groupId());
        key.set("member_id", record.memberId());
    }

    @Override
    public void writeValue(ConsumerGroupTargetAssignmentMember record, Struct struct) {
        SortedSet<PartitionId> value = record.value();
        if (value == null) {
            throw new IllegalArgumentException("tombstone");
        }
        Structs.setArray(struct, "topic_partitions", Structs.byTopic(value).entrySet(), (topic, element) -> {
            Structs.fillTopic(topic, element);
            Structs.tagNothing(element);
        });
        Structs.tagNothing(struct);
    }

    @Override
    public ConsumerGroupTargetAssignmentMember read(Struct key, short version, @Nullable Struct value) {
        SortedSet<PartitionId> partitions = null;
        if (value != null) {
            partitions = new TreeSet<>();
            for (Object element : value.getArray("topic_partitions")) {
                Struct topic = (Struct) element;
                Uuid topicId = (Uuid) topic.get("topic_id");
                for (Object partition : topic.getArray("partitions")) {
                    partitions.add(new PartitionId(topicId, (Integer) partition));
                }
            }
        }
        return new ConsumerGroupTargetAssignmentMember(
                key.getString("group_id"), key.getString("member_id"), partitions);
    }
}
