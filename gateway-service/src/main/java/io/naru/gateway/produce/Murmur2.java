package io.naru.gateway.produce;

/** The hash (32-bit MurmurHash2, Kafka's seed) by which every Kafka client places a key, so that all of them agree on its partition. */
final class Murmur2 {

    private static final int SEED = 0x9747b28c;
    private static final int M = 0x5bd1e995;
    private static final int R = 24;

    private Murmur2() {}

    /** The partition of a key. */
    static int partition(byte[] bytes, int offset, int length, int partitions) {
        return (hash(bytes, offset, length) & Integer.MAX_VALUE) % partitions;
    }

    static int hash(byte[] bytes, int offset, int length) {
        int h = SEED ^ length;
        int words = length / 4;
        for (int i = 0; i < words; i++) {
            int at = offset + i * 4;
            int k = (bytes[at] & 0xff)
                    | ((bytes[at + 1] & 0xff) << 8)
                    | ((bytes[at + 2] & 0xff) << 16)
                    | ((bytes[at + 3] & 0xff) << 24);
            k *= M;
            k ^= k >>> R;
            k *= M;
            h = (h * M) ^ k;
        }
        int tail = offset + words * 4;
        int rest = length & 3;
        if (rest > 0) {
            for (int i = rest - 1; i >= 0; i--) {
                h ^= (bytes[tail + i] & 0xff) << (8 * i);
            }
            h *= M;
        }
        h ^= h >>> 13;
        h *= M;
        return h ^ (h >>> 15);
    }
}
