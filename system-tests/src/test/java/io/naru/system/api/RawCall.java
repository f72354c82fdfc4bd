package io.naru.system.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request as bytes, for what no client would send. Text is written as ISO 8859-1, a byte for each character.
 *
 * @param target  path and query, as they stand in the request line
 * @param headers lines, each with its end
 * @param body    null for none
 */
record RawCall(
        String method,
        String target,
        String headers,
        @Nullable String body) {

    private static final int QUIET_MS = 30_000;

    /**
     * An answer.
     *
     * @param status 0 when the connection was closed without one
     * @param type   its Content-Type, or empty
     * @param whole  whether all came that the head promised; a stream that was left is whole
     */
    record Answer(int status, String type, String body, boolean whole) {}

    /** Sends it on a connection of its own; reads to the end, of a stream of events only the head. */
    Answer send(URI server) {
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(QUIET_MS);
            socket.getOutputStream().write(text().getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            String head = head(in);
            if (!head.startsWith("HTTP/1.1 ")) {
                return new Answer(0, "", head, false);
            }
            int status = Integer.parseInt(head.substring(9, 12));
            String type = header(head, "content-type");
            if (goesOn() && status == 200) {
                return new Answer(status, type, "", true);
            }
            byte[] rest = in.readAllBytes();
            String length = header(head, "content-length");
            String body = new String(rest, StandardCharsets.UTF_8);
            if (!length.isEmpty()) {
                return new Answer(status, type, body, rest.length == Integer.parseInt(length));
            }
            boolean chunked = header(head, "transfer-encoding").equals("chunked");
            boolean whole = !chunked || body.endsWith("0\r\n\r\n");
            return new Answer(status, type, chunked ? unchunked(body) : body, whole);
        } catch (SocketTimeoutException e) {
            return new Answer(-1, "", "no answer, or no end of it, in " + QUIET_MS + " ms", false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String text() {
        String length = body == null ? "" : "Content-Length: " + body.length() + "\r\n";
        return method + " " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + length + "\r\n"
                + (body == null ? "" : body);
    }

    /** Whether a good answer may be a stream without an end. */
    private boolean goesOn() {
        return method.equals("GET")
                && (target.contains("follow") || target.matches("/v1/groups/[^/]*/records(\\?.*)?"));
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        int b = in.read();
        while (b >= 0) {
            head.write(b);
            matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : b == '\r' ? 1 : 0;
            if (matched == 4) {
                break;
            }
            b = in.read();
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static String header(String head, String name) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .findFirst()
                .map(line -> line.substring(name.length() + 1).strip())
                .orElse("");
    }

    /** Good enough to see whether it is JSON: sizes stand on lines of their own. */
    private static String unchunked(String body) {
        return body.replaceAll("(?m)^[0-9a-fA-F]{1,6}\r\n", "").replace("\r\n", "");
    }
}
