package io.naru.benchmarks.fanout;

import java.nio.ByteBuffer;

/**
 * Reads one answer of server-sent events in chunked encoding and checks that the offsets of its records are 0, 1, 2 … without a gap or a
 * repetition. Keeps nothing of what it reads but counters. Not thread-safe.
 */
final class EventReader {

    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};
    private static final byte[] OFFSET = {'"', 'o', 'f', 'f', 's', 'e', 't', '"', ':'};
    private static final byte[] SENT = {'"', 's', 'e', 'n', 't', '"', ':'};

    private enum State {
        HEAD,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END
    }

    private final LatencyHistogram latencies;
    private State state = State.HEAD;
    private int headMatched;
    private long chunkLeft;
    private int offsetMatched;
    private int sentMatched;
    private boolean inOffset;
    private boolean inSent;
    private long number;
    private long expected;
    private long wrong;

    /** A reader that notes when the records were sent that it reads. */
    EventReader(LatencyHistogram latencies) {
        this.latencies = latencies;
    }

    /** Whether the head of the answer is there. */
    boolean isOpen() {
        return state != State.HEAD;
    }

    /** Records read. */
    long records() {
        return expected;
    }

    /** Records that were not the next one. */
    long wrong() {
        return wrong;
    }

    /** Takes what came. */
    void read(ByteBuffer bytes, long nowNanos) {
        while (bytes.hasRemaining()) {
            byte b = bytes.get();
            switch (state) {
                case HEAD -> {
                    headMatched = b == HEAD_END[headMatched] ? headMatched + 1 : b == '\r' ? 1 : 0;
                    if (headMatched == HEAD_END.length) {
                        state = State.CHUNK_SIZE;
                    }
                }
                case CHUNK_SIZE -> {
                    int digit = Character.digit(b, 16);
                    if (digit >= 0) {
                        chunkLeft = chunkLeft * 16 + digit;
                    } else if (b == '\n') {
                        state = State.CHUNK;
                    }
                }
                case CHUNK -> {
                    text(b, nowNanos);
                    if (--chunkLeft == 0) {
                        state = State.CHUNK_END;
                    }
                }
                case CHUNK_END -> {
                    if (b == '\n') {
                        state = State.CHUNK_SIZE;
                    }
                }
            }
        }
    }

    private void text(byte b, long nowNanos) {
        if (inOffset || inSent) {
            if (b >= '0' && b <= '9') {
                number = number * 10 + b - '0';
                return;
            }
            if (inOffset) {
                wrong += number == expected ? 0 : 1;
                expected++;
            } else {
                latencies.add(nowNanos - number);
            }
            inOffset = false;
            inSent = false;
        }
        offsetMatched = b == OFFSET[offsetMatched] ? offsetMatched + 1 : b == OFFSET[0] ? 1 : 0;
        sentMatched = b == SENT[sentMatched] ? sentMatched + 1 : b == SENT[0] ? 1 : 0;
        if (offsetMatched == OFFSET.length) {
            begin();
            inOffset = true;
        } else if (sentMatched == SENT.length) {
            begin();
            inSent = true;
        }
    }

    private void begin() {
        offsetMatched = 0;
        sentMatched = 0;
        number = 0;
    }
}
