package io.naru.protocol.codec;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;

/** Where connections have their buffers from. */
public final class Buffers {

    /**
     * Keeps its chunks of 4 MiB. Netty's default gives direct memory back again and again under load, which on JDK 25 stops every thread for
     * a handshake each time ({@code Arena.close}): a sixth of all processor time of a produce.
     */
    public static final ByteBufAllocator POOLED = PooledByteBufAllocator.DEFAULT;

    private Buffers() {}
}
