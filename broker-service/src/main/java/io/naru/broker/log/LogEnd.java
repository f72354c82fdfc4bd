package io.naru.broker.log;

/** The end of the log at one moment: the offset of the next record and where its batch will begin. Published as one reference. */
record LogEnd(long offset, LogSegment segment, int position) {}
