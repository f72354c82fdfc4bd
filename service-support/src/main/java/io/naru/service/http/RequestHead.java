package io.naru.service.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.coyote.Request;
import org.apache.coyote.http11.Http11InputBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a request line and its headers as they came. Tomcat passes over what RFC 9112 lets a server pass over; between two servers
 * that read such a head differently one request can be hidden in another, so all of it is refused here.
 */
public final class RequestHead {

    private static final byte[] CONTENT_LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

    private RequestHead() {}

    /** What is wrong with a head that Tomcat has accepted, or null. */
    static @Nullable String mistake(Request request) {
        if (!(request.getInputBuffer() instanceof Http11InputBuffer buffer)) {
            return null;
        }
        if (request.protocol().isNull() || !request.protocol().startsWithIgnoreCase("HTTP/1", 0)) {
            return "the request line has no HTTP version; send GET /path HTTP/1.1";
        }
        ByteBuffer head = buffer.getByteBuffer();
        byte[] bytes = head.array();
        int end = head.arrayOffset() + head.position();
        boolean chunked = request.getHeader("Transfer-Encoding") != null;
        int lines = 0;
        for (int i = head.arrayOffset(); i < end; i++) {
            byte first = bytes[i];
            if (lines > 0 && (first == ' ' || first == '\t')) {
                return "a header is folded over several lines (RFC 9112, section 5.2); send it in one";
            }
            if (chunked && (first | 0x20) == 'c' && startsWith(bytes, i, end)) {
                return "Content-Length and Transfer-Encoding exclude each other; send one of them";
            }
            lines += first == '\r' || first == '\n' ? 0 : 1;
            while (i < end && bytes[i] != '\n') {
                i++;
            }
        }
        return null;
    }

    private static boolean startsWith(byte[] bytes, int start, int end) {
        if (end - start < CONTENT_LENGTH.length) {
            return false;
        }
        for (int k = 0; k < CONTENT_LENGTH.length; k++) {
            byte b = bytes[start + k];
            if ((b >= 'A' && b <= 'Z' ? b | 0x20 : b) != CONTENT_LENGTH[k]) {
                return false;
            }
        }
        return true;
    }

    /**
     * What a head that Tomcat has refused without a word was refused for.
     *
     * @param status what HTTP calls it
     * @param detail for people
     */
    public record Refusal(int status, String detail) {}

    /**
     * Finds out.
     *
     * @param headBytesMax what request line and headers may have together, in bytes
     * @param headersMax   how many headers there may be
     */
    public static Refusal refusal(Request request, int headBytesMax, int headersMax) {
        if (request.getInputBuffer() instanceof Http11InputBuffer buffer && buffer.getByteBuffer() != null) {
            ByteBuffer head = buffer.getByteBuffer();
            int lineEnd = 0;
            while (lineEnd < head.limit() && head.get(lineEnd) != '\n') {
                lineEnd++;
            }
            if (head.limit() >= headBytesMax) {
                return lineEnd == head.limit() || lineEnd >= headBytesMax
                        ? new Refusal(414, "the URI is longer than " + headBytesMax + " bytes")
                        : new Refusal(431, "the headers and the URI are larger than " + headBytesMax + " bytes");
            }
            if (headersMax > 0 && request.getMimeHeaders().size() >= headersMax) {
                return new Refusal(431, "there are more than " + headersMax + " headers");
            }
        }
        return new Refusal(
                400,
                "the request line or a header is not as HTTP/1.1 has it (RFC 9112): look for characters that must be "
                        + "percent-encoded, a missing or doubled Host, a Content-Length that is no number or stands twice");
    }
}
