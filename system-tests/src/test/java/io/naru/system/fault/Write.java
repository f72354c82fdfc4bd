package io.naru.system.fault;

import org.jspecify.annotations.Nullable;

/**
 * One record that a writer sent.
 *
 * @param writer    who
 * @param value     no other write has it
 * @param partition where to
 * @param sentNanos when the send began
 * @param ack       what came back; null when nothing did, or an error: it may be stored or not
 */
record Write(
        int writer,
        String value,
        int partition,
        long sentNanos,
        @Nullable Ack ack) {

    /**
     * What came back.
     *
     * @param offset where it is, as the server said
     * @param nanos  when the writer heard of it
     */
    record Ack(long offset, long nanos) {}
}
