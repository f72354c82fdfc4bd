package io.naru.protocol.codec;

import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;

/** Responses to and from frames. Stateless. */
public final class ResponseCodec {

    private ResponseCodec() {}

    /** Writes a response; the caller owns the parts. */
    public static List<Object> write(
            ByteBufAllocator allocator, ApiKeys apiKey, short version, int correlationId, ApiMessage body) {
        ResponseHeaderData header = new ResponseHeaderData().setCorrelationId(correlationId);
        return MessageWriter.frame(allocator, header, apiKey.responseHeaderVersion(version), body, version);
    }

    /** Correlation id of a response frame: its first four bytes in every header version. */
    public static int correlationId(ByteBuffer frame) {
        if (frame.remaining() < Integer.BYTES) {
            throw new InvalidRequestException("response header cut short");
        }
        return frame.getInt(frame.position());
    }

    /** Parses a response to a request of that key and version. Byte fields may be views of {@code frame}. */
    public static ApiMessage read(ByteBuffer frame, ApiKeys apiKey, short version) {
        ByteBufferAccessor readable = new ByteBufferAccessor(frame);
        new ResponseHeaderData().read(readable, apiKey.responseHeaderVersion(version));
        ApiMessage body = apiKey.messageType.newResponse();
        body.read(readable, version);
        return body;
    }
}
