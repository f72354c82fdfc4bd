package io.naru.gateway.v3;

import io.naru.gateway.produce.InputCutter;

/**
 * Cuts JSON values that follow one another, with or without white space between them, as their bytes come. Looks at brackets and quotes
 * only: what it cuts need not be JSON. A value longer than the limit is cut where it passes it. Not thread-safe.
 */
final class JsonCutter implements InputCutter {

    private static final int FIRST_BYTES = 16 * 1024;
    private static final int FREE_BYTES_MIN = 4 * 1024;

    private final int valueMax;
    private byte[] bytes;
    private int start;
    private int scanned;
    private int end;
    /** Open brackets. */
    private int depth;

    private boolean inString;
    private boolean escaped;
    private int valueStart;
    private int valueEnd;

    JsonCutter(int valueMax) {
        this.valueMax = valueMax;
        bytes = new byte[FIRST_BYTES];
    }

    /** Values that are all there already. */
    JsonCutter(byte[] whole, int length, int valueMax) {
        this.valueMax = valueMax;
        bytes = whole;
        end = length;
    }

    @Override
    public byte[] array() {
        return bytes;
    }

    @Override
    public int writePosition() {
        if (bytes.length - end < FREE_BYTES_MIN) {
            int kept = end - start;
            byte[] target = kept > bytes.length / 2 ? new byte[bytes.length * 2] : bytes;
            System.arraycopy(bytes, start, target, 0, kept);
            bytes = target;
            scanned -= start;
            start = 0;
            end = kept;
        }
        return end;
    }

    @Override
    public int free() {
        return bytes.length - end;
    }

    @Override
    public void put(int count) {
        end += count;
    }

    int valueStart() {
        return valueStart;
    }

    int valueEnd() {
        return valueEnd;
    }

    /** Whether what was cut is longer than the limit; it need not be whole then. */
    boolean isTooLong() {
        return valueEnd - valueStart > valueMax;
    }

    @Override
    public boolean next() {
        if (scanned == start) {
            while (start < end && isSpace(bytes[start])) {
                start++;
            }
            scanned = start;
        }
        while (scanned < end) {
            boolean first = scanned == start;
            byte b = bytes[scanned];
            if (depth == 0 && !inString && !first && (isSpace(b) || opens(b) || b == '"')) {
                return cut(scanned);
            }
            scanned++;
            if (inString) {
                if (escaped) {
                    escaped = false;
                } else if (b == '\\') {
                    escaped = true;
                } else if (b == '"') {
                    inString = false;
                    if (depth == 0) {
                        return cut(scanned);
                    }
                }
            } else if (b == '"') {
                inString = true;
            } else if (opens(b)) {
                depth++;
            } else if ((b == '}' || b == ']') && --depth <= 0) {
                return cut(scanned);
            }
            if (scanned - start > valueMax) {
                return cut(scanned);
            }
        }
        return false;
    }

    @Override
    public boolean last() {
        return start < end && cut(end);
    }

    private boolean cut(int to) {
        valueStart = start;
        valueEnd = to;
        start = to;
        scanned = to;
        depth = 0;
        inString = false;
        escaped = false;
        return true;
    }

    private static boolean opens(byte b) {
        return b == '{' || b == '[';
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }
}
