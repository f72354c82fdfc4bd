package io.naru.system;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

/** A bare socket to a Kafka listener, for bytes that no client would send. */
final class RawKafka implements AutoCloseable {
    private static final int TIMEOUT_MS = 10_000;

    private final Socket socket;

    RawKafka(String bootstrapServers) throws IOException {
        int port = Integer.parseInt(bootstrapServers.substring(bootstrapServers.lastIndexOf(':') + 1));
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MS);
        socket.setTcpNoDelay(true);
    }

    /** Sends bytes as they are. A peer that has closed already is no error. */
    void send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException closedAlready) {
            return;
        }
    }

    /** No more bytes will come from here. */
    void endOfInput() throws IOException {
        socket.shutdownOutput();
    }

    /** Whether the peer closes the connection within 10 s without a word. */
    boolean isClosedWithoutReply() {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException stillOpen) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /** One whole reply, without its size. */
    byte[] reply() throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] reply = new byte[in.readInt()];
        in.readFully(reply);
        return reply;
    }

    /** Sends a request and reads its answer, whatever it says. */
    <R extends ApiMessage> R ask(ApiMessage request, int version, Class<R> answer) throws IOException {
        ApiKeys key = ApiKeys.forId(request.apiKey());
        send(request(request, version));
        ByteBufferAccessor reply = new ByteBufferAccessor(ByteBuffer.wrap(reply()));
        new ResponseHeaderData(reply, key.responseHeaderVersion((short) version));
        ApiMessage read = key.messageType.newResponse();
        read.read(reply, (short) version);
        return answer.cast(read);
    }

    /** The whole frame of a request. */
    static byte[] request(ApiMessage request, int version) {
        ApiKeys key = ApiKeys.forId(request.apiKey());
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(key.id)
                .setRequestApiVersion((short) version)
                .setCorrelationId(7)
                .setClientId("raw");
        return sized(concat(
                MessageUtil.toByteBufferAccessor(header, key.requestHeaderVersion((short) version))
                        .buffer(),
                MessageUtil.toByteBufferAccessor(request, (short) version).buffer()));
    }

    private static byte[] concat(ByteBuffer head, ByteBuffer body) {
        byte[] all = new byte[head.remaining() + body.remaining()];
        int length = head.remaining();
        head.get(all, 0, length);
        body.get(all, length, body.remaining());
        return all;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** A frame with a request header as of version 1 and a client id, then {@code body}. */
    static byte[] frame(int apiKey, int apiVersion, byte[] body) {
        return sized(bytes(out -> {
            header(out, apiKey, apiVersion);
            out.write(body);
        }));
    }

    /** {@code content} behind its size. */
    static byte[] sized(byte[] content) {
        return bytes(out -> {
            out.writeInt(content.length);
            out.write(content);
        });
    }

    static void header(DataOutputStream out, int apiKey, int apiVersion) throws IOException {
        byte[] clientId = "raw".getBytes(StandardCharsets.UTF_8);
        out.writeShort(apiKey);
        out.writeShort(apiVersion);
        out.writeInt(7);
        out.writeShort(clientId.length);
        out.write(clientId);
    }

    /** What a writer of bytes writes. */
    interface Writer {
        void to(DataOutputStream out) throws IOException;
    }

    static byte[] bytes(Writer writer) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            writer.to(new DataOutputStream(bytes));
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
