package io.naru.broker.log;

/**
 * A batch in the file of its segment: first and last offset, first byte, bytes, largest timestamp.
 *
 * @param expectedOffset what comes after the batch before it, or what was looked for when nobody looked at that one
 */
record BatchPosition(
        long baseOffset, long lastOffset, int position, int size, long maxTimestamp, long expectedOffset) {}
