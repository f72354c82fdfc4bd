package io.naru.broker.log;

/** Where an offset is in the file of its segment: {@code position} in bytes, at a batch boundary. */
record OffsetPosition(long offset, int position) {}
