package io.naru.protocol.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.types.RawTaggedField;

/** Requests to and from frames. Stateless. */
public final class RequestCodec {

    private static final int CLIENT_ID_LENGTH_POSITION = Short.BYTES + Short.BYTES + Integer.BYTES;
    private static final int HEADER_BYTES_MIN = CLIENT_ID_LENGTH_POSITION + Short.BYTES;

    private RequestCodec() {}

    /**
     * A request's header and where its body begins.
     *
     * @param apiKey  its API
     * @param header  key, version, correlation id, client id
     * @param body    view of the frame's bytes after the header; valid as long as the frame is
     */
    public record Head(ApiKeys apiKey, RequestHeaderData header, ByteBuffer body) {

        /** Version of the request, not yet checked against what is supported. */
        public short apiVersion() {
            return header.requestApiVersion();
        }
    }

    /**
     * Parses the header of a frame, whatever the version of the request.
     *
     * @throws InvalidRequestException when there is no such API, or the header is cut short or malformed
     */
    public static Head readHead(ByteBuf frame) {
        if (frame.readableBytes() < HEADER_BYTES_MIN) {
            throw new InvalidRequestException("request header cut short at " + frame.readableBytes() + " bytes");
        }
        int start = frame.readerIndex();
        short key = frame.getShort(start);
        if (!ApiKeys.hasId(key)) {
            throw new InvalidRequestException("no API has key " + key);
        }
        // kafka-clients takes every negative length for null; only -1 means that.
        if (frame.getShort(start + CLIENT_ID_LENGTH_POSITION) < -1) {
            throw new InvalidRequestException("client id of negative length");
        }
        ApiKeys apiKey = ApiKeys.forId(key);
        short version = frame.getShort(start + Short.BYTES);
        ByteBuffer bytes = frame.nioBuffer();
        RequestHeaderData header = new RequestHeaderData();
        try {
            header.read(new ByteBufferAccessor(bytes), headerVersion(apiKey, version));
        } catch (RuntimeException e) {
            throw new InvalidRequestException("malformed request header", e);
        }
        checkTags(header.unknownTaggedFields());
        return new Head(apiKey, header, bytes);
    }

    /**
     * Parses the body.
     *
     * @throws InvalidRequestException when it is malformed or has bytes left over
     */
    public static ApiMessage readBody(Head head) {
        ApiMessage body = head.apiKey().messageType.newRequest();
        try {
            body.read(new ByteBufferAccessor(head.body()), head.apiVersion());
        } catch (RuntimeException e) {
            throw new InvalidRequestException(
                    "malformed " + head.apiKey() + " request, version " + head.apiVersion(), e);
        }
        if (head.body().hasRemaining()) {
            throw new InvalidRequestException(
                    head.body().remaining() + " bytes after the " + head.apiKey() + " request");
        }
        checkTags(body.unknownTaggedFields());
        return body;
    }

    /** Tags ascend (KIP-482); kafka-clients takes unknown ones in any order and any number of times. */
    private static void checkTags(List<RawTaggedField> tags) {
        int last = -1;
        for (RawTaggedField tag : tags) {
            if (tag.tag() <= last) {
                throw new InvalidRequestException("tag " + tag.tag() + " after tag " + last);
            }
            last = tag.tag();
        }
    }

    /** Writes a request; the caller owns the parts. */
    public static List<Object> write(
            ByteBufAllocator allocator, int correlationId, String clientId, ApiMessage body, short version) {
        ApiKeys apiKey = ApiKeys.forId(body.apiKey());
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(apiKey.id)
                .setRequestApiVersion(version)
                .setCorrelationId(correlationId)
                .setClientId(clientId);
        return MessageWriter.frame(allocator, header, headerVersion(apiKey, version), body, version);
    }

    /** ApiVersions must be answerable in any version (KIP-511), so a version from the future is read like the newest known. */
    private static short headerVersion(ApiKeys apiKey, short version) {
        short known = version < 0 ? 0 : (short) Math.min(version, apiKey.latestVersion());
        return apiKey.requestHeaderVersion(known);
    }
}
