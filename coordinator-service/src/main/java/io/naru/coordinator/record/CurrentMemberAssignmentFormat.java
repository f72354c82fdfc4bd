package io.naru.coordinator.record;

import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupCurrentMemberAssignment;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.types.CompactArrayOf;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.Type;
import org.jspecify.annotations.Nullable;

/** Type 8. Assignment epochs are a tagged field, so that Kafka before 4.3 reads past them. */
final class CurrentMemberAssignmentFormat implements RecordFormat<ConsumerGroupCurrentMemberAssignment> {

    private static final int TAG_EPOCHS = 0;
    private static final Schema TOPIC = new Schema(
            new Field("topic_id", Type.UUID),
            new Field("partitions", new CompactArrayOf(Type.INT32)),
            Field.TaggedFieldsSection.of(
                    TAG_EPOCHS, new Field("assignment_epochs", CompactArrayOf.nullable(Type.INT32))));
    private static final Schema V0 = new Schema(
            new Field("member_epoch", Type.INT32),
            new Field("previous_member_epoch", Type.INT32),
            new Field("state", Type.INT8),
            new Field("assigned_partitions", new CompactArrayOf(TOPIC)),
            new Field("partitions_pending_revocation", new CompactArrayOf(TOPIC)),
            Field.TaggedFieldsSection.of());
    private static final @Nullable Schema[] SCHEMAS = {V0};

    @Override
    public short type() {
        return 8;
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
    public void writeKey(ConsumerGroupCurrentMemberAssignment record, Struct key) {
        key.set("group_id", record.groupId());
        key.set("member_id", record.memberId());
    }

    @Override
    public void writeValue(ConsumerGroupCurrentMemberAssignment record, Struct struct) {
        CurrentAssignment value = record.value();
        if (value == null) {
            throw new IllegalArgumentException("tombstone");
        }
        struct.set("member_epoch", value.memberEpoch());
        struct.set("previous_member_epoch", value.previousMemberEpoch());
        struct.set("state", value.state().code());
        writePartitions(struct, "assigned_partitions", value.assigned());
        writePartitions(struct, "partitions_pending_revocation", value.pendingRevocation());
        Structs.tagNothing(struct);
    }

    private static void writePartitions(Struct struct, String field, SortedMap<PartitionId, Integer> partitions) {
        Structs.setArray(struct, field, Structs.byTopic(partitions.keySet()).entrySet(), (topic, element) -> {
            Structs.fillTopic(topic, element);
            Object[] epochs = topic.getValue().stream()
                    .map(partition -> partitions.get(new PartitionId(topic.getKey(), partition)))
                    .toArray();
            TreeMap<Integer, Object> tags = new TreeMap<>();
            tags.put(TAG_EPOCHS, epochs);
            Structs.tag(element, tags);
        });
    }

    @Override
    public ConsumerGroupCurrentMemberAssignment read(Struct key, short version, @Nullable Struct value) {
        CurrentAssignment assignment = null;
        if (value != null) {
            int epoch = value.getInt("member_epoch");
            assignment = new CurrentAssignment(
                    epoch,
                    value.getInt("previous_member_epoch"),
                    MemberState.of((Byte) value.get("state")),
                    readPartitions(value, "assigned_partitions", epoch),
                    readPartitions(value, "partitions_pending_revocation", epoch));
        }
        return new ConsumerGroupCurrentMemberAssignment(
                key.getString("group_id"), key.getString("member_id"), assignment);
    }

    /** Kafka before 4.3 did not write the epochs: the member's own is as late as they can be. */
    private static SortedMap<PartitionId, Integer> readPartitions(Struct value, String field, int memberEpoch) {
        SortedMap<PartitionId, Integer> partitions = new TreeMap<>();
        for (Object element : value.getArray(field)) {
            Struct topic = (Struct) element;
            Uuid topicId = (Uuid) topic.get("topic_id");
            Object[] indexes = topic.getArray("partitions");
            Object[] epochs = (Object[]) Structs.tagged(topic, TAG_EPOCHS);
            for (int i = 0; i < indexes.length; i++) {
                int epoch = epochs == null || i >= epochs.length ? memberEpoch : (Integer) epochs[i];
                partitions.put(new PartitionId(topicId, (Integer) indexes[i]), epoch);
            }
        }
        return partitions;
    }
}
