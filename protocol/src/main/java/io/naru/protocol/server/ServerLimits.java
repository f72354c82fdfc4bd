package io.naru.protocol.server;

/**
 * What a stranger can make a listener hold.
 *
 * @param frameBytesMax       largest request ({@code socket.request.max.bytes})
 * @param requestBytesMax     all whole requests together that are not yet answered ({@code queued.max.request.bytes});
 *                            at least one largest request
 * @param frameDeadlineMs     time for a request to arrive whole
 * @param inFlightMax         requests of one connection that are not yet answered; beyond it the connection is not read
 * @param connectionsMax      connections in all
 * @param connectionsPerIpMax connections from one address
 * @param idleMs              a connection that neither reads nor writes for so long is closed ({@code connections.max.idle.ms})
 * @param writeDeadlineMs     time for a response to leave; a peer that does not read is cut
 * @param sendBufferBytes     of the kernel, for each connection ({@code socket.send.buffer.bytes}). Small on purpose: handing {@code sendfile}
 *                            a megabyte at once costs twice the processor time per byte of handing it what fits a cache
 */
public record ServerLimits(
        int frameBytesMax,
        long requestBytesMax,
        long frameDeadlineMs,
        int inFlightMax,
        int connectionsMax,
        int connectionsPerIpMax,
        long idleMs,
        long writeDeadlineMs,
        int sendBufferBytes) {

    /** Kafka's frame and idle limits; the others, unlimited there, are bounded here. */
    public static ServerLimits defaults() {
        return new ServerLimits(
                100 * 1024 * 1024, 128 * 1024 * 1024, 30_000, 16, 10_000, 2_000, 600_000, 60_000, 100 * 1024);
    }
}
