package io.naru.broker.log;

/** A timestamp in milliseconds and the offset of the record, or of the last record of the batch, that has it. */
public record TimestampAndOffset(long timestamp, long offset) {}
