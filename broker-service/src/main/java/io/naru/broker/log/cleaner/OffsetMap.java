package io.naru.broker.log.cleaner;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The last offset of each key, in bounded memory: 24 bytes a key whatever its length. Keys are told apart by 128 bits of their
 * SHA-256, so that nobody can make two keys that are taken for one, which would delete a record that is still wanted. Open
 * addressing with linear probing; entries are not removed. Not thread-safe.
 */
public final class OffsetMap {

    /** Memory per slot. */
    public static final int SLOT_BYTES = 24;

    private static final int LONGS = SLOT_BYTES / Long.BYTES;
    private static final double LOAD_MAX = 0.75;
    private static final int SLOTS_MIN = 16;

    /** Per slot: 128 bits of hash, then the offset plus one; zero there is an empty slot. */
    private final long[] table;

    private final int slots;
    private final int keysMax;
    private final MessageDigest digest;
    private final byte[] hash = new byte[32];
    private final ByteBuffer hashed = ByteBuffer.wrap(hash);
    private int size;

    /** Room for {@code records} keys, or for as many as {@code bytesMax} bytes hold. */
    public OffsetMap(long records, long bytesMax) {
        long wanted = (long) (records / LOAD_MAX) + 1;
        long most = Math.min(bytesMax, Integer.MAX_VALUE) / SLOT_BYTES;
        this.slots = (int) Math.max(SLOTS_MIN, Math.min(wanted, most));
        this.keysMax = (int) (slots * LOAD_MAX);
        this.table = new long[slots * LONGS];
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Notes that {@code key} was written at {@code offset}, above all offsets before; false when there is no room for another key. */
    public boolean put(ByteBuffer key, long offset) {
        int at = find(key);
        if (table[at + 2] == 0) {
            if (size == keysMax) {
                return false;
            }
            size++;
            table[at] = hashed.getLong(0);
            table[at + 1] = hashed.getLong(Long.BYTES);
        }
        table[at + 2] = offset + 1;
        return true;
    }

    /** The last offset noted for {@code key}, or -1. */
    public long latest(ByteBuffer key) {
        return table[find(key) + 2] - 1;
    }

    /** Keys noted. */
    public int size() {
        return size;
    }

    /** Where the key is, or where it would be put. */
    private int find(ByteBuffer key) {
        digest.update(key.duplicate());
        try {
            digest.digest(hash, 0, hash.length);
        } catch (DigestException e) {
            throw new IllegalStateException("the buffer has the size of the hash", e);
        }
        long high = hashed.getLong(0);
        long low = hashed.getLong(Long.BYTES);
        int slot = (int) Long.remainderUnsigned(high, slots);
        while (true) {
            int at = slot * LONGS;
            if (table[at + 2] == 0 || (table[at] == high && table[at + 1] == low)) {
                return at;
            }
            slot = slot + 1 == slots ? 0 : slot + 1;
        }
    }
}
