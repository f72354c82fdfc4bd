package io.naru.gateway.v2;

import io.naru.gateway.produce.RecordInput;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records of one body, as ranges of it, and what few of them have besides. Five numbers per record:
 *
 * <pre>
 * 0  start of the key      2  start of the value      4  partition, or any
 * 1  length, or null       3  length, or null
 * </pre>
 */
final class ProduceBody {

    private static final int WIDTH = 5;
    private static final int FIRST_COUNT = 4;

    private final byte[] bytes;
    private int[] numbers = new int[WIDTH * FIRST_COUNT];
    private final Map<Integer, RecordExtras> extrasByIndex = new HashMap<>(0);
    private int count;
    private int highestPartition = RecordInput.ANY_PARTITION;

    /** No records yet, of a body that belongs to this from now on. */
    ProduceBody(byte[] bytes) {
        this.bytes = bytes;
    }

    void add(
            int keyStart,
            int keyLength,
            int valueStart,
            int valueLength,
            int partition,
            @Nullable RecordExtras extras) {
        int at = count * WIDTH;
        if (at == numbers.length) {
            numbers = Arrays.copyOf(numbers, at * 2);
        }
        numbers[at] = keyStart;
        numbers[at + 1] = keyLength;
        numbers[at + 2] = valueStart;
        numbers[at + 3] = valueLength;
        numbers[at + 4] = partition;
        if (extras != null) {
            extrasByIndex.put(count, extras);
        }
        highestPartition = Math.max(highestPartition, partition);
        count++;
    }

    /** How many records there are. */
    int count() {
        return count;
    }

    /** The highest partition that a record names, or {@link RecordInput#ANY_PARTITION}. */
    int highestPartition() {
        return highestPartition;
    }

    /** A copy of a record's key, or null. */
    byte @Nullable [] key(int index) {
        return copy(index * WIDTH);
    }

    /** A copy of a record's value, or null. */
    byte @Nullable [] value(int index) {
        return copy(index * WIDTH + 2);
    }

    private byte @Nullable [] copy(int at) {
        return numbers[at + 1] == RecordInput.NULL
                ? null
                : Arrays.copyOfRange(bytes, numbers[at], numbers[at] + numbers[at + 1]);
    }

    /** The partition a record names, or {@link RecordInput#ANY_PARTITION}. */
    int partition(int index) {
        return numbers[index * WIDTH + 4];
    }

    /** Describes a record; {@code partition} is where it goes if it does not say. */
    void read(int index, RecordInput to, int partition) {
        int at = index * WIDTH;
        to.clear();
        to.key(bytes, numbers[at], numbers[at + 1]);
        to.value(bytes, numbers[at + 2], numbers[at + 3]);
        to.partition(partition(index) >= 0 ? partition(index) : partition);
        RecordExtras extras = extrasByIndex.get(index);
        if (extras != null) {
            extras.addTo(to);
        }
    }
}
