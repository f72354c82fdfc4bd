package io.naru.coordinator.record;

import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupRegularExpression;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupRegularExpression.Resolved;
import java.util.Arrays;
import java.util.TreeSet;
import org.apache.kafka.common.protocol.types.CompactArrayOf;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.Type;
import org.jspecify.annotations.Nullable;

/** Type 16. */
final class RegularExpressionFormat implements RecordFormat<ConsumerGroupRegularExpression> {

    private static final Schema KEY =
            new Schema(new Field("group_id", Type.STRING), new Field("regular_expression", Type.STRING));
    private static final Schema V0 = new Schema(
            new Field("topics", new CompactArrayOf(Type.COMPACT_STRING)),
            new Field("version", Type.INT64),
            new Field("timestamp", Type.INT64),
            Field.TaggedFieldsSection.of());
    private static final @Nullable Schema[] SCHEMAS = {V0};

    @Override
    public short type() {
        return 16;
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
    public void writeKey(ConsumerGroupRegularExpression record, Struct key) {
        key.set("group_id", record.groupId());
        key.set("regular_expression", record.regex());
    }

    @Override
    public void writeValue(ConsumerGroupRegularExpression record, Struct struct) {
        Resolved value = record.value();
        if (value == null) {
            throw new IllegalArgumentException("tombstone");
        }
        struct.set("topics", value.topics().toArray());
        struct.set("version", value.version());
        struct.set("timestamp", value.timestampMs());
        Structs.tagNothing(struct);
    }

    @Override
    public ConsumerGroupRegularExpression read(Struct key, short version, @Nullable Struct value) {
        Resolved resolved = null;
        if (value != null) {
            TreeSet<String> topics = new TreeSet<>();
            Arrays.stream(value.getArray("topics")).forEach(name -> topics.add((String) name));
            resolved = new Resolved(topics, value.getLong("version"), value.getLong("timestamp"));
        }
        return new ConsumerGroupRegularExpression(
                key.getString("group_id"), key.getString("regular_expression"), resolved);
    }
}
