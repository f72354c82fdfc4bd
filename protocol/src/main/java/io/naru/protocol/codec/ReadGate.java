package io.naru.protocol.codec;

import io.netty.channel.Channel;

/**
 * Whether a connection is read: it is, while nobody holds it back. Confined to the connection's event loop.
 */
public final class ReadGate {

    private int holds;

    /** Stops reading until {@link #release}, called as often as this. */
    public void hold(Channel channel) {
        if (holds++ == 0) {
            channel.config().setAutoRead(false);
        }
    }

    /** Takes one hold back. */
    public void release(Channel channel) {
        if (--holds == 0) {
            channel.config().setAutoRead(true);
        }
    }
}
