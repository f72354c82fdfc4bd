package io.naru.protocol.codec;

import io.netty.buffer.ByteBuf;
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
 * exception this throws.
 */
public final class FrameDecoder extends ByteToMessageDecoder {

    private static final int SIZE_LENGTH = Integer.BYTES;

    private final int frameBytesMax;
    private final long deadlineMs;
    private @Nullable ScheduledFuture<?> deadline;

    /**
     * A decoder for one connection.
     *
     * @param frameBytesMax largest frame, without its size field
     * @param deadlineMs    time from the first byte of a frame to its last
     */
    public FrameDecoder(int frameBytesMax, long deadlineMs) {
        this.frameBytesMax = frameBytesMax;
        this.deadlineMs = deadlineMs;
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
        if (in.readableBytes() < SIZE_LENGTH + size) {
            startDeadline(context);
            return;
        }
        stopDeadline();
        in.skipBytes(SIZE_LENGTH);
        out.add(in.readRetainedSlice(size));
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
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        stopDeadline();
        super.channelInactive(context);
    }
}
