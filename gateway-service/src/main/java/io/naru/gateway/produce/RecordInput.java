package io.naru.gateway.produce;

/**
 * A record on its way in: ranges of buffers that belong to whoever read them. Used again for the next record. Belongs to one thread at
 * a time.
 */
public final class RecordInput {

    /** Length of what is null. */
    public static final int NULL = -1;

    /** Any partition. */
    public static final int ANY_PARTITION = -1;

    /** The time of arrival. */
    public static final long NOW = -1;

    static final byte[] NOTHING = new byte[0];

    byte[] key = NOTHING;
    int keyOffset;
    int keyLength = NULL;
    byte[] value = NOTHING;
    int valueOffset;
    int valueLength = NULL;
    int partition = ANY_PARTITION;
    long timestamp = NOW;
    final HeaderBytes headers = new HeaderBytes();

    /** Back to nothing: no key, null value, no headers, any partition, now. */
    public void clear() {
        key(NOTHING, 0, NULL);
        value(NOTHING, 0, NULL);
        partition = ANY_PARTITION;
        timestamp = NOW;
        headers.clear();
    }

    /** The key's bytes; length {@link #NULL} for none. */
    public void key(byte[] bytes, int offset, int length) {
        key = bytes;
        keyOffset = offset;
        keyLength = length;
    }

    /** The value's bytes; length {@link #NULL} for a tombstone. */
    public void value(byte[] bytes, int offset, int length) {
        value = bytes;
        valueOffset = offset;
        valueLength = length;
    }

    /** Index of the partition, or {@link #ANY_PARTITION}. */
    public void partition(int index) {
        partition = index;
    }

    /** Index of the partition, or {@link #ANY_PARTITION}. */
    public int partition() {
        return partition;
    }

    /** Milliseconds since 1970, or {@link #NOW}. */
    public void timestamp(long ms) {
        timestamp = ms;
    }

    /** Milliseconds since 1970, or {@link #NOW}. */
    public long timestamp() {
        return timestamp;
    }

    /** The record headers. */
    public HeaderBytes headers() {
        return headers;
    }

    /** Roughly what it takes in memory. */
    int size() {
        return Math.max(keyLength, 0) + Math.max(valueLength, 0) + headers.length() + Batch.RECORD_OVERHEAD_MAX;
    }
}
