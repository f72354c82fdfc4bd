package io.naru.gateway.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The path of a URI cut into decoded segments; {@code /v1/topics/a%20b} → {@code [v1, topics, a b]}. */
final class RequestPath {

    private static final int SEGMENTS_MAX = 12;

    private RequestPath() {}

    /**
     * Cuts a path, not decoded, that begins with a slash.
     *
     * @throws ProblemException for path parameters, bad escapes and control characters; for empty segments, which no path here has
     */
    static List<String> parse(String uri) {
        List<String> segments = new ArrayList<>(8);
        int length = uri.length();
        int start = 1;
        while (start <= length) {
            int slash = uri.indexOf('/', start);
            int end = slash < 0 ? length : slash;
            if (end == start) {
                if (length == 1) {
                    break;
                }
                throw Problem.of(
                                ProblemKind.NO_SUCH_PATH,
                                "no such path: it has an empty segment (// or a slash at the end)")
                        .exception();
            }
            if (segments.size() == SEGMENTS_MAX) {
                throw Problem.of(ProblemKind.NO_SUCH_PATH, "no such path").exception();
            }
            segments.add(segment(uri, start, end));
            start = end + 1;
        }
        return segments;
    }

    private static String segment(String uri, int start, int end) {
        boolean plain = true;
        for (int i = start; i < end; i++) {
            char c = uri.charAt(i);
            if (c == ';') {
                throw bad("the path has a ; parameter; parameters go after a ? (a literal ; is %3B)");
            }
            if (c <= ' ' || c > '~') {
                throw bad("the path has a character that must be percent-encoded");
            }
            plain &= c != '%';
        }
        return plain ? uri.substring(start, end) : decode(uri, start, end);
    }

    private static String decode(String uri, int start, int end) {
        ByteBuffer out = ByteBuffer.allocate(end - start);
        for (int i = start; i < end; i++) {
            char c = uri.charAt(i);
            if (c != '%') {
                out.put((byte) c);
                continue;
            }
            int high = i + 1 < end ? Character.digit(uri.charAt(i + 1), 16) : -1;
            int low = i + 2 < end ? Character.digit(uri.charAt(i + 2), 16) : -1;
            if (high < 0 || low < 0) {
                throw bad("a % in the path is not followed by two hexadecimal digits; a % sign is %25");
            }
            int b = high << 4 | low;
            if (b < 0x20 || b == 0x7f) {
                throw bad("the path has a control character");
            }
            out.put((byte) b);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(out.flip()).toString();
        } catch (CharacterCodingException notText) {
            throw bad("the path is not UTF-8");
        }
    }

    private static ProblemException bad(String detail) {
        return Problem.of(ProblemKind.BAD_PARAMETER, detail).exception();
    }
}
