package io.naru.coordinator.record;

import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.jspecify.annotations.Nullable;

/**
 * How one type of record lies on disk: a key of {@code int16 type, fields}, a value of {@code int16 version, fields}, and no value for a
 * tombstone. Stateless.
 */
interface RecordFormat<R extends CoordinatorRecord> {

    /** The number before the key. */
    short type();

    /** The key's fields. */
    Schema keySchema();

    /** The value's fields by version; null where a version was never written. */
    @Nullable
    Schema[] valueSchemas();

    /** Fills in the key. */
    void writeKey(R record, Struct key);

    /** The version to write the record's value in. */
    default short valueVersion(R record) {
        return 0;
    }

    /** Fills in the value; the record is no tombstone. */
    void writeValue(R record, Struct value);

    /** Reads a record; no value for a tombstone. */
    R read(Struct key, short valueVersion, @Nullable Struct value);
}
