package io.naru.system.fault;

/** A record that a reader got; the order of a list of them is the order in which they came. */
record Seen(int reader, int partition, long offset, String value) {}
