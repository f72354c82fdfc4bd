package io.naru.protocol.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

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
            header.read(new RequestReader(bytes, null), headerVersion(apiKey, version));
        } catch (InvalidRequestException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new InvalidRequestException("malformed request header", e);
        }
        return new Head(apiKey, header, bytes);
    }

    /**
     * Parses the body of a request that has paid for all of it.
     *
     * @throws InvalidRequestException when it is malformed or has bytes left over
     */
    public static ApiMessage readBody(Head head) {
        return readBody(head, null);
    }

    /**
     * Parses the body.
     *
     * @param structure where a Produce request pays for what is not records; for others that is done
     * @throws InvalidRequestException when it is malformed, has bytes left over, or finds no memory
     */
    public static ApiMessage readBody(Head head, @Nullable StructureMemory structure) {
        ApiMessage body = head.apiKey().messageType.newRequest();
        try {
            body.read(
                    new RequestReader(head.body(), head.apiKey() == ApiKeys.PRODUCE ? structure : null),
                    head.apiVersion());
        } catch (InvalidRequestException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new InvalidRequestException(
                    "malformed " + head.apiKey() + " request, version " + head.apiVersion(), e);
        }
        if (head.body().hasRemaining()) {
            throw new InvalidRequestException(
                    head.body().remaining() + " bytes after the " + head.apiKey() + " request");
        }
        return body;
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
