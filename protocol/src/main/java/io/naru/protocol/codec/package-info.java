/**
 * Frames. A frame is {@code size:int32, header, body}; {@link io.naru.protocol.codec.FrameDecoder} cuts the stream into frames without
 * trusting the size, {@link io.naru.protocol.codec.RequestCodec} and {@link io.naru.protocol.codec.ResponseCodec} turn frames into messages
 * and messages into buffers, file slices staying file slices.
 */
@NullMarked
package io.naru.protocol.codec;

import org.jspecify.annotations.NullMarked;
