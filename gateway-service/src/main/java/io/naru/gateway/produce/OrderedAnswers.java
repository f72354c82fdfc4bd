package io.naru.gateway.produce;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.http.Problem;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Fates of records that become known in any order and are told in the order in which the records came: a ring from the oldest record that
 * has not been told. Not thread-safe.
 */
final class OrderedAnswers {

    private static final int CAPACITY_FIRST = 128;
    private static final byte PENDING = 0;
    private static final byte WRITTEN = 1;
    private static final byte FAILED = 2;

    private byte[] states = new byte[CAPACITY_FIRST];
    private int[] partitions = new int[CAPACITY_FIRST];
    /** Offset of what was written, line of what failed. */
    private long[] numbers = new long[CAPACITY_FIRST];

    private @Nullable Problem[] problems = new Problem[CAPACITY_FIRST];
    /** Tags count up from 0 and wrap; the ring is indexed by their low bits. */
    private int oldest;

    private int pending;

    /** Records that have not been told. */
    int pending() {
        return pending;
    }

    /** A place for the next record, by its tag. */
    int add(long line) {
        if (pending == states.length) {
            grow();
        }
        int tag = oldest + pending;
        int i = tag & (states.length - 1);
        states[i] = PENDING;
        numbers[i] = line;
        problems[i] = null;
        pending++;
        return tag;
    }

    private void grow() {
        int capacity = states.length;
        byte[] oldStates = states;
        int[] oldPartitions = partitions;
        long[] oldNumbers = numbers;
        Problem[] oldProblems = problems;
        states = new byte[capacity * 2];
        partitions = new int[capacity * 2];
        numbers = new long[capacity * 2];
        problems = Arrays.copyOf(problems, capacity * 2);
        Arrays.fill(problems, null);
        for (int k = 0; k < pending; k++) {
            int from = (oldest + k) & (capacity - 1);
            int to = (oldest + k) & (capacity * 2 - 1);
            states[to] = oldStates[from];
            partitions[to] = oldPartitions[from];
            numbers[to] = oldNumbers[from];
            problems[to] = oldProblems[from];
        }
    }

    void written(int tag, int partition, long offset) {
        int i = tag & (states.length - 1);
        states[i] = WRITTEN;
        partitions[i] = partition;
        numbers[i] = offset;
    }

    void failed(int tag, Problem problem) {
        int i = tag & (states.length - 1);
        states[i] = FAILED;
        problems[i] = problem;
    }

    /** Writes a line for each record whose turn has come. */
    void drainTo(JsonOut out) {
        while (pending > 0) {
            int i = oldest & (states.length - 1);
            if (states[i] == PENDING) {
                return;
            }
            Problem problem = problems[i];
            if (problem == null) {
                out.ascii("{\"partition\":").number(partitions[i]).ascii(",\"offset\":");
                if (numbers[i] < 0) {
                    out.ascii("null");
                } else {
                    out.number(numbers[i]);
                }
                out.ascii("}\n");
            } else {
                out.ascii("{\"error\":");
                problem.write(out, numbers[i]);
                out.ascii("}\n");
                problems[i] = null;
            }
            oldest++;
            pending--;
        }
    }
}
