package io.naru.gateway.read;

import io.naru.gateway.format.RecordFormat;
import io.naru.gateway.format.RecordWriter;
import io.naru.gateway.http.Query;

/**
 * How keys and values are to be shown.
 *
 * @param key   format of keys
 * @param value format of values
 */
public record RecordFormats(RecordFormat key, RecordFormat value) {

    /** From {@code key_format} and {@code value_format}. */
    public static RecordFormats of(Query query) {
        return new RecordFormats(
                query.oneOf("key_format", RecordFormat.AUTO), query.oneOf("value_format", RecordFormat.AUTO));
    }

    /** A writer, for one thread at a time. */
    public RecordWriter writer() {
        return new RecordWriter(key, value);
    }
}
