package io.naru.coordinator.record;

import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.Type;
import org.jspecify.annotations.Nullable;

/**
 * A structure that may be null, as Kafka's generated code writes one into a tagged field: {@code varint 0} for null, else {@code varint 1}
 * and the structure. (kafka-clients' own NullableSchema writes −1 for null, which is for untagged fields.)
 */
final class NullableTaggedStruct extends Type {

    private final Schema schema;

    NullableTaggedStruct(Schema schema) {
        this.schema = schema;
    }

    Schema schema() {
        return schema;
    }

    @Override
    public boolean isNullable() {
        return true;
    }

    @Override
    public void write(ByteBuffer buffer, @Nullable Object value) {
        if (value == null) {
            buffer.put((byte) 0);
        } else {
            buffer.put((byte) 1);
            schema.write(buffer, value);
        }
    }

    @Override
    public @Nullable Object read(ByteBuffer buffer) {
        byte present = buffer.get();
        if (present != 0 && present != 1) {
            throw new SchemaException("a nullable structure starts with " + present);
        }
        return present == 0 ? null : schema.read(buffer);
    }

    @Override
    public @Nullable Object validate(@Nullable Object value) {
        if (value == null || value instanceof Struct) {
            return value;
        }
        throw new SchemaException(value + " is not a structure");
    }

    @Override
    public int sizeOf(@Nullable Object value) {
        return value == null ? 1 : 1 + schema.sizeOf(value);
    }
}
