package io.naru.broker.log;

/** A batch in the file of its segment: first and last offset, first byte, bytes, largest timestamp. */
record BatchPosition(long baseOffset, long lastOffset, int position, int size, long maxTimestamp) {}
