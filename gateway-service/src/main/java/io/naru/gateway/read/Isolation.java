package io.naru.gateway.read;

/** Whether transactions that are not decided, or were aborted, are seen. */
public enum Isolation {
    /** Everything below the high watermark. */
    READ_UNCOMMITTED((byte) 0),
    /** Only what is committed, below the last stable offset. */
    READ_COMMITTED((byte) 1);

    private final byte code;

    Isolation(byte code) {
        this.code = code;
    }

    /** As in the Fetch API. */
    byte code() {
        return code;
    }
}
