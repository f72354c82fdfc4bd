package io.naru.protocol.server;

import org.apache.kafka.common.protocol.ApiKeys;

/** What a listener tells about itself. Called on hot paths: implementations must not block or allocate much. */
public interface ServerMetrics {

    /** Tells nobody. */
    ServerMetrics NONE = new ServerMetrics() {};

    /**
     * A request was answered.
     *
     * @param receivedBytes its frame
     * @param sentBytes     the frame of its answer; 0 if there is none
     */
    default void answered(ApiKeys apiKey, long nanosFromArrival, long receivedBytes, long sentBytes) {}

    /** A connection was closed for what its peer sent. */
    default void refused(String reason) {}

    /** Connections changed. */
    default void connections(int open) {}
}
