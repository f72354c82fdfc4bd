package io.naru.coordinator.record;

import io.naru.coordinator.record.CoordinatorRecord.OffsetCommit;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.Type;
import org.jspecify.annotations.Nullable;

/** Type 1, and 0 from before Kafka 0.9. Values: 1 has an expiry of its own, 3 adds the leader epoch, 4 the topic id. */
final class OffsetCommitFormat implements RecordFormat<OffsetCommit> {

    private static final short WITH_EXPIRY = 1;
    private static final short CURRENT = 4;
    private static final int TAG_TOPIC_ID = 0;

    private static final Schema KEY = new Schema(
            new Field("group", Type.STRING), new Field("topic", Type.STRING), new Field("partition", Type.INT32));
    private static final Schema V0 = new Schema(
            new Field("offset", Type.INT64),
            new Field("metadata", Type.STRING),
            new Field("commit_timestamp", Type.INT64));
    private static final Schema V1 = new Schema(
            new Field("offset", Type.INT64),
            new Field("metadata", Type.STRING),
            new Field("commit_timestamp", Type.INT64),
            new Field("expire_timestamp", Type.INT64));
    private static final Schema V3 = new Schema(
            new Field("offset", Type.INT64),
            new Field("leader_epoch", Type.INT32),
            new Field("metadata", Type.STRING),
            new Field("commit_timestamp", Type.INT64));
    private static final Schema V4 = new Schema(
            new Field("offset", Type.INT64),
            new Field("leader_epoch", Type.INT32),
            new Field("metadata", Type.COMPACT_STRING),
            new Field("commit_timestamp", Type.INT64),
            Field.TaggedFieldsSection.of(TAG_TOPIC_ID, new Field("topic_id", Type.UUID)));
    private static final @Nullable Schema[] SCHEMAS = {V0, V1, V0, V3, V4};

    @Override
    public short type() {
        return 1;
    }

    @Override
    public Schema keySchema() {
        return KEY;
    }

    @Override
    public @Nullable Schema[] valueSchemas() {
        return SCHEMAS;
    }

    @Override
    public void writeKey(OffsetCommit record, Struct key) {
        key.set("group", record.groupId());
        key.set("topic", record.topic());
        key.set("partition", record.partition());
    }

    @Override
    public short valueVersion(OffsetCommit record) {
        CommittedOffset value = record.value();
        return value != null && value.expireTimestampMs() != CommittedOffset.NO_EXPIRY ? WITH_EXPIRY : CURRENT;
    }

    @Override
    public void writeValue(OffsetCommit record, Struct struct) {
        CommittedOffset value = record.value();
        if (value == null) {
            throw new IllegalArgumentException("tombstone");
        }
        struct.set("offset", value.offset());
        struct.set("metadata", value.metadata());
        struct.set("commit_timestamp", value.commitTimestampMs());
        if (valueVersion(record) == WITH_EXPIRY) {
            struct.set("expire_timestamp", value.expireTimestampMs());
            return;
        }
        struct.set("leader_epoch", value.leaderEpoch());
        TreeMap<Integer, Object> tags = new TreeMap<>();
        if (!value.topicId().equals(Uuid.ZERO_UUID)) {
            tags.put(TAG_TOPIC_ID, value.topicId());
        }
        Structs.tag(struct, tags);
    }

    @Override
    public OffsetCommit read(Struct key, short version, @Nullable Struct value) {
        return new OffsetCommit(
                key.getString("group"),
                key.getString("topic"),
                key.getInt("partition"),
                value == null ? null : committed(version, value));
    }

    private static CommittedOffset committed(short version, Struct value) {
        Object topicId = version >= 4 ? Structs.tagged(value, TAG_TOPIC_ID) : null;
        return new CommittedOffset(
                value.getLong("offset"),
                version >= 3 ? value.getInt("leader_epoch") : CommittedOffset.NO_LEADER_EPOCH,
                value.getString("metadata"),
                value.getLong("commit_timestamp"),
                version == WITH_EXPIRY ? value.getLong("expire_timestamp") : CommittedOffset.NO_EXPIRY,
                topicId == null ? Uuid.ZERO_UUID : (Uuid) topicId);
    }
}
