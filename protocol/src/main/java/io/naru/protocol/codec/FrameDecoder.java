package io.naru.protocol.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the byte stream into frames, without their size field. The size is checked before a byte of the frame is kept, memory grows
 * only as bytes arrive, and a frame that has begun must be whole within the deadline; otherwise the connection is closed by the
 * exception this throws. A whole frame is handed on when there is {@link FrameMemory} for it; who takes the frame gives that back.
 */
public final class FrameDecoder extends ByteToMessageDecoder {

    private static final int SIZE_LENGTH = Integer.BYTES;
    private static final int EXPECTED_MAX = 4 * 1024 * 1024;

    private final int frameBytesMax;
    private final long deadlineMs;
    private final @Nullable FrameMemory memory;
    private final ReadGate gate;
    private @Nullable ScheduledFuture<?> deadline;
    private long taken;
    private boolean waiting;

    /**
     * A decoder for one connection to a peer that is trusted with memory.
     *
     * @param frameBytesMax largest frame, without its size field
     * @param deadlineMs    time from the first byte of a frame to its last
     */
    public FrameDecoder(int frameBytesMax, long deadlineMs) {
        this(frameBytesMax, deadlineMs, null, new ReadGate());
    }

    /**
     * A decoder for one connection.
     *
     * @param frameBytesMax largest frame, without its size field
     * @param deadlineMs    time from the first byte of a frame to its last, waiting for memory not counted
     * @param memory        where each frame's bytes are taken from; null: nowhere
     * @param gate          closed while waiting for memory
     */
    public FrameDecoder(int frameBytesMax, long deadlineMs, @Nullable FrameMemory memory, ReadGate gate) {
        this.frameBytesMax = frameBytesMax;
        this.deadlineMs = deadlineMs;
        this.memory = memory;
        this.gate = gate;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (in.readableBytes() < SIZE_LENGTH) {
            if (in.isReadable()) {
                startDeadline(context);
            }
            return;
        }
        int size = in.getInt(in.readerIndex());
        if (size <= 0) {
            throw new CorruptedFrameException("frame size " + size);
        }
        if (size > frameBytesMax) {
            throw new TooLongFrameException("frame of " + size + " bytes; the limit is " + frameBytesMax);
        }
        long cost = cost(in, size);
        if (in.readableBytes() < SIZE_LENGTH + size) {
            startDeadline(context);
            expect(in, size);
            return;
        }
        stopDeadline();
        if (!haveMemory(context, cost)) {
            return;
        }
        taken = 0; // from here on the frame's
        in.skipBytes(SIZE_LENGTH);
        out.add(in.readRetainedSlice(size));
    }

    /**
     * Makes room for a frame that has begun, once and not by doubling. Only where the peer is trusted: elsewhere a promise holds no
     * memory, else a few unkept ones would stop everyone. Not where an earlier frame still shares the buffer.
     */
    private void expect(ByteBuf in, int size) {
        if (memory == null && in.refCnt() == 1) {
            in.ensureWritable(Math.min(EXPECTED_MAX, SIZE_LENGTH + size - in.readableBytes()));
        }
    }

    /** What the frame takes of the memory; refused as soon as it can be told that there is not so much. */
    private long cost(ByteBuf in, int size) {
        if (memory == null || in.readableBytes() < SIZE_LENGTH + Short.BYTES) {
            return size;
        }
        long cost = FrameMemory.cost(in.getShort(in.readerIndex() + SIZE_LENGTH), size);
        if (cost > memory.total()) {
            throw new TooLongFrameException("frame of " + size + " bytes, which is too much for its API");
        }
        return cost;
    }

    private boolean haveMemory(ChannelHandlerContext context, long cost) {
        if (memory == null || taken > 0) {
            return true;
        }
        if (waiting) {
            return false;
        }
        if (memory.take(cost, () -> context.executor().execute(() -> granted(context, cost)))) {
            taken = cost;
            return true;
        }
        waiting = true;
        gate.hold(context.channel());
        return false;
    }

    private void granted(ChannelHandlerContext context, long cost) {
        waiting = false;
        taken = cost;
        if (context.isRemoved()) {
            giveBack();
            return;
        }
        gate.release(context.channel());
        try {
            channelRead(context, Unpooled.EMPTY_BUFFER); // what has come already may be the whole frame
        } catch (Exception e) {
            context.fireExceptionCaught(e);
        }
    }

    private void giveBack() {
        if (memory != null && taken > 0) {
            memory.giveBack(taken);
            taken = 0;
        }
    }

    private void startDeadline(ChannelHandlerContext context) {
        if (deadline == null) {
            deadline = context.executor()
                    .schedule(
                            () -> context.fireExceptionCaught(
                                    new CorruptedFrameException("frame not whole after " + deadlineMs + " ms")),
                            deadlineMs,
                            TimeUnit.MILLISECONDS);
        }
    }

    private void stopDeadline() {
        ScheduledFuture<?> running = deadline;
        if (running != null) {
            running.cancel(false);
            deadline = null;
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        stopDeadline();
        giveBack();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        stopDeadline();
        super.channelInactive(context);
    }
}
