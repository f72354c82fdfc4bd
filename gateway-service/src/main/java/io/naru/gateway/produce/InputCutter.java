package io.naru.gateway.produce;

/**
 * Cuts a body into records as its bytes come. Bytes are put behind {@link #writePosition()}, then cut with {@link #next()} until there is
 * none. Not thread-safe.
 */
public interface InputCutter {

    /** What holds the bytes; another one after {@link #writePosition()} perhaps. */
    byte[] array();

    /** Where more bytes may be put, {@link #free()} of them. */
    int writePosition();

    /** How many may be put. */
    int free();

    /** Says how many were put. */
    void put(int count);

    /** Finds the next whole record. */
    boolean next();

    /** Finds what is left after the last whole one, once nothing more comes. */
    boolean last();
}
