package io.naru.gateway.produce;

/**
 * Cuts bytes into lines as they come. A line longer than the limit is passed over to its end and told as such. Not thread-safe.
 */
final class LineBuffer implements InputCutter {

    private static final int FIRST_BYTES = 16 * 1024;
    private static final int FREE_BYTES_MIN = 4 * 1024;

    private final int lineMax;
    private byte[] bytes;
    private int start;
    private int end;
    private int scanned;
    private boolean skipping;
    private boolean tooLong;
    private int lineStart;
    private int lineEnd;

    LineBuffer(int lineMax) {
        this.lineMax = lineMax;
        bytes = new byte[FIRST_BYTES];
    }

    /** Lines that are all there already. */
    LineBuffer(byte[] whole, int length, int lineMax) {
        this.lineMax = lineMax;
        bytes = whole;
        end = length;
    }

    @Override
    public byte[] array() {
        return bytes;
    }

    int lineStart() {
        return lineStart;
    }

    int lineEnd() {
        return lineEnd;
    }

    /** Whether the line just found was longer than the limit; it is empty then. */
    boolean wasTooLong() {
        return tooLong;
    }

    @Override
    public int writePosition() {
        if (bytes.length - end < FREE_BYTES_MIN) {
            makeRoom();
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

    private void makeRoom() {
        if (end - start > lineMax) {
            skipping = true;
            start = end;
            scanned = end;
        }
        int kept = end - start;
        byte[] target = kept > bytes.length / 2 ? new byte[bytes.length * 2] : bytes;
        System.arraycopy(bytes, start, target, 0, kept);
        bytes = target;
        scanned -= start;
        start = 0;
        end = kept;
    }

    /** Finds the next whole line, its line break left off. */
    @Override
    public boolean next() {
        int i = scanned;
        byte[] b = bytes;
        while (i < end && b[i] != '\n') {
            i++;
        }
        scanned = i;
        if (i == end) {
            return false;
        }
        line(i);
        start = i + 1;
        scanned = start;
        return true;
    }

    @Override
    public boolean last() {
        if (start == end && !skipping) {
            return false;
        }
        line(end);
        start = end;
        scanned = end;
        return true;
    }

    private void line(int to) {
        tooLong = skipping || to - start > lineMax;
        skipping = false;
        lineStart = tooLong ? to : start;
        lineEnd = to > lineStart && bytes[to - 1] == '\r' ? to - 1 : to;
    }

    /** Whether the line just found is nothing but white space. */
    boolean isBlank() {
        for (int i = lineStart; i < lineEnd; i++) {
            if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
                return false;
            }
        }
        return true;
    }
}
