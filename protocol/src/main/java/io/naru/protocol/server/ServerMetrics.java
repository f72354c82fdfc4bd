package io.naru.protocol.server;

import org.apache.kafka.common.protocol.ApiKeys;

/** What a listener tells about itself. Called on hot paths: implementations must not block or allocate much. */
public interface ServerMetrics {

    /** Tells nobody. */
    ServerMetrics NONE = new ServerMetrics() {};

    /** A request was answered. */
    default void answered(ApiKeys apiKey, long nanosFromArrival, long frameBytes) {}

    /** A connection was closed for what its peer sent. */
    default void refused(String reason) {}

    /** Connections changed. */
    default void connections(int open) {}
}
