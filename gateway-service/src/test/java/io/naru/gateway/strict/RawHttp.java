package io.naru.gateway.strict;

import io.naru.gateway.fake.RunningGateway;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One connection to which bytes are written as they are. */
final class RawHttp implements AutoCloseable {

    private final Socket socket;

    RawHttp(RunningGateway gateway) throws IOException {
        socket = gateway.socket();
    }

    /**
     * An answer.
     *
     * @param status 0 when the connection was closed without one
     * @param head   status line and headers
     * @param body   what came after them
     */
    record Answer(int status, String head, String body) {

        boolean closes() {
            return head.toLowerCase(java.util.Locale.ROOT).contains("\r\nconnection: close");
        }
    }

    /** Sends a request and reads the answer. */
    static Answer send(RunningGateway gateway, String request) throws IOException {
        try (RawHttp raw = new RawHttp(gateway)) {
            return raw.write(request).read();
        }
    }

    RawHttp write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    /** Says that nothing more will come. */
    RawHttp halfClose() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Reads a status line and headers. */
    String readHead() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        int b = in.read();
        while (b >= 0) {
            head.write(b);
            if (b == '\n' && head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                break;
            }
            b = in.read();
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** Reads one answer with a Content-Length, or whatever comes until the end. */
    Answer read() throws IOException {
        InputStream in = socket.getInputStream();
        String text = readHead();
        int length = contentLength(text);
        byte[] body = length < 0 ? in.readAllBytes() : in.readNBytes(length);
        int status = text.startsWith("HTTP/1.1 ") ? Integer.parseInt(text.substring(9, 12)) : 0;
        return new Answer(
                status, status == 0 ? "" : text, (status == 0 ? text : "") + new String(body, StandardCharsets.UTF_8));
    }

    private static int contentLength(String head) {
        for (String line : head.split("\r\n", -1)) {
            if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                return Integer.parseInt(line.substring(15).strip());
            }
        }
        return -1;
    }

    /** Whether the other side has closed. */
    boolean isClosed() throws IOException {
        return socket.getInputStream().read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
