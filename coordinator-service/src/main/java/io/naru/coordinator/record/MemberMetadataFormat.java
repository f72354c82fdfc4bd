package io.naru.coordinator.record;

import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupMemberMetadata;
import io.naru.coordinator.record.MemberSubscription.ClassicMemberMetadata;
import io.naru.coordinator.record.MemberSubscription.ClassicProtocol;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.protocol.types.CompactArrayOf;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.Type;
import org.jspecify.annotations.Nullable;

/** Type 5. A member that is not classic has the classic field too, as null: for Kafka its absence means an empty one. */
final class MemberMetadataFormat implements RecordFormat<ConsumerGroupMemberMetadata> {

    private static final int TAG_CLASSIC = 0;
    private static final Schema CLASSIC_PROTOCOL = new Schema(
            new Field("name", Type.COMPACT_STRING),
            new Field("metadata", Type.COMPACT_BYTES),
            Field.TaggedFieldsSection.of());
    private static final NullableTaggedStruct CLASSIC = new NullableTaggedStruct(new Schema(
            new Field("session_timeout_ms", Type.INT32),
            new Field("supported_protocols", new CompactArrayOf(CLASSIC_PROTOCOL)),
            Field.TaggedFieldsSection.of()));
    private static final Schema V0 = new Schema(
            new Field("instance_id", Type.COMPACT_NULLABLE_STRING),
            new Field("rack_id", Type.COMPACT_NULLABLE_STRING),
            new Field("client_id", Type.COMPACT_STRING),
            new Field("client_host", Type.COMPACT_STRING),
            new Field("subscribed_topic_names", new CompactArrayOf(Type.COMPACT_STRING)),
            new Field("subscribed_topic_regex", Type.COMPACT_NULLABLE_STRING),
            new Field("rebalance_timeout_ms", Type.INT32),
            new Field("server_assignor", Type.COMPACT_NULLABLE_STRING),
            Field.TaggedFieldsSection.of(TAG_CLASSIC, new Field("classic_member_metadata", CLASSIC)));
    private static final @Nullable Schema[] SCHEMAS = {V0};

    @Override
    public short type() {
        return 5;
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
    public void writeKey(ConsumerGroupMemberMetadata record, Struct key) {
        key.set("group_id", record.groupId());
        key.set("member_id", record.memberId());
    }

    @Override
    public void writeValue(ConsumerGroupMemberMetadata record, Struct struct) {
        MemberSubscription value = record.value();
        if (value == null) {
            throw new IllegalArgumentException("tombstone");
        }
        struct.set("instance_id", value.instanceId());
        struct.set("rack_id", value.rackId());
        struct.set("client_id", value.clientId());
        struct.set("client_host", value.clientHost());
        struct.set("subscribed_topic_names", value.topicNames().toArray());
        struct.set("subscribed_topic_regex", value.topicRegex());
        struct.set("rebalance_timeout_ms", value.rebalanceTimeoutMs());
        struct.set("server_assignor", value.serverAssignor());
        TreeMap<Integer, @Nullable Object> tags = new TreeMap<>();
        ClassicMemberMetadata classic = value.classic();
        tags.put(TAG_CLASSIC, classic == null ? null : classic(classic));
        Structs.tag(struct, tags);
    }

    private static Struct classic(ClassicMemberMetadata classic) {
        Struct struct = new Struct(CLASSIC.schema());
        struct.set("session_timeout_ms", classic.sessionTimeoutMs());
        Structs.setArray(struct, "supported_protocols", classic.protocols(), (protocol, element) -> {
            element.set("name", protocol.name());
            element.set("metadata", protocol.metadata().buffer());
            Structs.tagNothing(element);
        });
        Structs.tagNothing(struct);
        return struct;
    }

    @Override
    public ConsumerGroupMemberMetadata read(Struct key, short version, @Nullable Struct value) {
        return new ConsumerGroupMemberMetadata(
                key.getString("group_id"), key.getString("member_id"), value == null ? null : subscription(value));
    }

    private static MemberSubscription subscription(Struct value) {
        TreeSet<String> names = new TreeSet<>();
        Arrays.stream(value.getArray("subscribed_topic_names")).forEach(name -> names.add((String) name));
        Object classic = Structs.tagged(value, TAG_CLASSIC);
        return new MemberSubscription(
                value.getString("instance_id"),
                value.getString("rack_id"),
                value.getString("client_id"),
                value.getString("client_host"),
                names,
                value.getString("subscribed_topic_regex"),
                value.getInt("rebalance_timeout_ms"),
                value.getString("server_assignor"),
                classic == null ? null : readClassic((Struct) classic));
    }

    private static ClassicMemberMetadata readClassic(Struct classic) {
        return new ClassicMemberMetadata(
                classic.getInt("session_timeout_ms"),
                Structs.readArray(
                        classic,
                        "supported_protocols",
                        protocol -> new ClassicProtocol(
                                protocol.getString("name"), Bytes.copyOf((ByteBuffer) protocol.get("metadata")))));
    }
}
