package io.naru.gateway.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Content-Type and Accept (RFC 9110), as much of them as matters here. */
public final class MediaTypes {

    /** One JSON value. */
    public static final String JSON = "application/json";

    /** A JSON value per line. */
    public static final String NDJSON = "application/x-ndjson";

    /** Server-sent events. */
    public static final String SSE = "text/event-stream";

    /** Bytes. */
    public static final String BYTES = "application/octet-stream";

    private MediaTypes() {}

    /** The body's type without parameters, in lower case; empty when the request names none. */
    public static String essence(@Nullable String header) {
        if (header == null) {
            return "";
        }
        int semicolon = header.indexOf(';');
        return (semicolon < 0 ? header : header.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }

    /**
     * Refuses charsets other than UTF-8 for a body that is text.
     *
     * @throws ProblemException 415
     */
    public static void requireUtf8(HttpServletRequest request) {
        String header = request.getContentType();
        int at = header == null ? -1 : header.toLowerCase(Locale.ROOT).indexOf("charset=");
        if (header == null || at < 0) {
            return;
        }
        String charset = header.substring(at + 8).strip();
        int end = charset.indexOf(';');
        charset = (end < 0 ? charset : charset.substring(0, end)).strip().replace("\"", "");
        if (!charset.equalsIgnoreCase("utf-8") && !charset.equalsIgnoreCase("us-ascii")) {
            throw Problem.of(ProblemKind.UNSUPPORTED_MEDIA_TYPE, "charset " + charset + " is not taken; send UTF-8")
                    .exception();
        }
    }

    /**
     * Which of the types offered the client likes best; the first one when it does not say.
     *
     * @throws ProblemException 406
     */
    public static String choose(HttpServletRequest request, List<String> offered) {
        String accept = request.getHeader("Accept");
        if (accept == null || accept.isBlank() || accept.equals("*/*")) {
            return offered.get(0);
        }
        String best = null;
        double bestWeight = 0;
        for (String range : accept.split(",", -1)) {
            String type = essence(range);
            double weight = weight(range);
            if (weight <= bestWeight) {
                continue;
            }
            for (String candidate : offered) {
                if (matches(type, candidate)) {
                    best = candidate;
                    bestWeight = weight;
                    break;
                }
            }
        }
        if (best == null) {
            throw Problem.of(
                            ProblemKind.NOT_ACCEPTABLE,
                            "nothing that Accept names can be sent; this call sends " + String.join(", ", offered))
                    .exception();
        }
        return best;
    }

    private static boolean matches(String range, String type) {
        return range.equals(type)
                || range.equals("*/*")
                || (range.endsWith("/*") && type.startsWith(range.substring(0, range.length() - 1)));
    }

    private static double weight(String range) {
        for (String parameter : range.split(";", -1)) {
            String stripped = parameter.strip();
            if (stripped.startsWith("q=") || stripped.startsWith("Q=")) {
                try {
                    return Double.parseDouble(stripped.substring(2));
                } catch (NumberFormatException notAWeight) {
                    return 0;
                }
            }
        }
        return 1;
    }
}
