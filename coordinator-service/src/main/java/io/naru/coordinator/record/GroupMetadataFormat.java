package io.naru.coordinator.record;

import io.naru.coordinator.record.CoordinatorRecord.GroupMetadata;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.types.CompactArrayOf;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.Type;
import org.jspecify.annotations.Nullable;

/**
 * Type 2. Values: 1 adds the rebalance timeout, 2 the time of the last change of state, 3 static members, 4 the flexible encoding.
 * Written in version 3, as Apache Kafka 4.3 does; 4 is read.
 */
final class GroupMetadataFormat implements RecordFormat<GroupMetadata> {

    private static final short CURRENT = 3;
    private static final Schema KEY = new Schema(new Field("group", Type.STRING));
    private static final @Nullable Schema[] SCHEMAS = {schema(0), schema(1), schema(2), schema(3), schema(4)};

    @Override
    public short type() {
        return 2;
    }

    @Override
    public Schema keySchema() {
        return KEY;
    }

    @Override
    public @Nullable Schema[] valueSchemas() {
        return SCHEMAS;
    }

    private static Schema schema(int version) {
        boolean flexible = version >= 4;
        Type string = flexible ? Type.COMPACT_STRING : Type.STRING;
        Type nullableString = flexible ? Type.COMPACT_NULLABLE_STRING : Type.NULLABLE_STRING;
        List<Field> fields = new ArrayList<>();
        fields.add(new Field("protocol_type", string));
        fields.add(new Field("generation", Type.INT32));
        fields.add(new Field("protocol", nullableString));
        fields.add(new Field("leader", nullableString));
        if (version >= 2) {
            fields.add(new Field("current_state_timestamp", Type.INT64));
        }
        Schema member = memberSchema(version, string, nullableString);
        fields.add(new Field(
                "members",
                flexible ? new CompactArrayOf(member) : new org.apache.kafka.common.protocol.types.ArrayOf(member)));
        if (flexible) {
            fields.add(Field.TaggedFieldsSection.of());
        }
        return new Schema(fields.toArray(new Field[0]));
    }

    private static Schema memberSchema(int version, Type string, Type nullableString) {
        boolean flexible = version >= 4;
        Type bytes = flexible ? Type.COMPACT_BYTES : Type.BYTES;
        List<Field> fields = new ArrayList<>();
        fields.add(new Field("member_id", string));
        if (version >= 3) {
            fields.add(new Field("group_instance_id", nullableString));
        }
        fields.add(new Field("client_id", string));
        fields.add(new Field("client_host", string));
        if (version >= 1) {
            fields.add(new Field("rebalance_timeout", Type.INT32));
        }
        fields.add(new Field("session_timeout", Type.INT32));
        fields.add(new Field("subscription", bytes));
        fields.add(new Field("assignment", bytes));
        if (flexible) {
            fields.add(Field.TaggedFieldsSection.of());
        }
        return new Schema(fields.toArray(new Field[0]));
    }

    @Override
    public void writeKey(GroupMetadata record, Struct key) {
        key.set("group", record.groupId());
    }

    @Override
    public short valueVersion(GroupMetadata record) {
        return CURRENT;
    }

    @Override
    public void writeValue(GroupMetadata record, Struct struct) {
        ClassicGroupValue value = record.value();
        if (value == null) {
            throw new IllegalArgumentException("tombstone");
        }
        struct.set("protocol_type", value.protocolType());
        struct.set("generation", value.generation());
        struct.set("protocol", value.protocol());
        struct.set("leader", value.leader());
        struct.set("current_state_timestamp", value.currentStateTimestampMs());
        Structs.setArray(struct, "members", value.members(), (member, element) -> {
            element.set("member_id", member.memberId());
            element.set("group_instance_id", member.groupInstanceId());
            element.set("client_id", member.clientId());
            element.set("client_host", member.clientHost());
            element.set("rebalance_timeout", member.rebalanceTimeoutMs());
            element.set("session_timeout", member.sessionTimeoutMs());
            element.set("subscription", member.subscription().buffer());
            element.set("assignment", member.assignment().buffer());
        });
    }

    @Override
    public GroupMetadata read(Struct key, short version, @Nullable Struct value) {
        return new GroupMetadata(key.getString("group"), value == null ? null : group(version, value));
    }

    private static ClassicGroupValue group(short version, Struct value) {
        return new ClassicGroupValue(
                value.getString("protocol_type"),
                value.getInt("generation"),
                value.getString("protocol"),
                value.getString("leader"),
                version >= 2 ? value.getLong("current_state_timestamp") : -1,
                Structs.readArray(value, "members", member -> member(version, member)));
    }

    private static ClassicGroupValue.Member member(short version, Struct member) {
        int sessionTimeoutMs = member.getInt("session_timeout");
        return new ClassicGroupValue.Member(
                member.getString("member_id"),
                version >= 3 ? member.getString("group_instance_id") : null,
                member.getString("client_id"),
                member.getString("client_host"),
                version >= 1 ? member.getInt("rebalance_timeout") : sessionTimeoutMs,
                sessionTimeoutMs,
                Bytes.copyOf((ByteBuffer) member.get("subscription")),
                Bytes.copyOf((ByteBuffer) member.get("assignment")));
    }
}
