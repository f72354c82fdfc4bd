package io.naru.gateway.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Cross-origin requests (Fetch standard, "CORS protocol"). A page from an origin that is not allowed is refused, not only kept from
 * reading the answer: what a page may send without asking first is enough to write records.
 */
public final class Cors {

    private static final String EXPOSED = "Location, Link, ETag, Retry-After, X-Request-Id, Naru-Next-Offset,"
            + " Naru-High-Watermark, Idempotency-Replayed";
    private static final String ANY = "*";

    private final Set<String> allowed;
    private final long maxAgeSeconds;

    /** Rules from their configuration. */
    public Cors(CorsProperties properties) {
        allowed = Set.copyOf(properties.allowedOrigins());
        maxAgeSeconds = properties.maxAge().toSeconds();
    }

    /**
     * Lets a request with an origin in, and its page read the answer.
     *
     * @throws ProblemException 403 when its origin may not call
     */
    void admit(Exchange exchange, String origin) {
        if (allowed.contains(ANY)) {
            exchange.header("Access-Control-Allow-Origin", ANY);
        } else if (allowed.contains(origin)) {
            exchange.header("Access-Control-Allow-Origin", origin).header("Vary", "Origin");
        } else if (isOwn(exchange.request(), origin)) {
            return;
        } else {
            throw Problem.of(
                            ProblemKind.ORIGIN_NOT_ALLOWED,
                            "pages of this origin may not call; allow it with naru.gateway.cors.allowed-origins")
                    .exception();
        }
        exchange.header("Access-Control-Expose-Headers", EXPOSED);
    }

    /** By host and port: a proxy in front may speak TLS. */
    private static boolean isOwn(HttpServletRequest request, String origin) {
        int authority = origin.indexOf("://");
        String host = request.getHeader("Host");
        return authority > 0
                && host != null
                && origin.substring(authority + 3).toLowerCase(Locale.ROOT).equals(host.toLowerCase(Locale.ROOT));
    }

    /** Answers {@code OPTIONS}: which methods a path takes, and for a preflight request which headers may come with them. */
    void options(Exchange exchange, Collection<String> methods) {
        Set<String> all = new TreeSet<>(methods);
        all.add("OPTIONS");
        if (all.contains("GET")) {
            all.add("HEAD");
        }
        String list = String.join(", ", all);
        exchange.header("Allow", list);
        HttpServletRequest request = exchange.request();
        if (request.getHeader("Origin") != null && request.getHeader("Access-Control-Request-Method") != null) {
            exchange.header("Access-Control-Allow-Methods", list);
            @Nullable String headers = request.getHeader("Access-Control-Request-Headers");
            if (headers != null && headers.chars().allMatch(c -> c == ',' || c == ' ' || isTokenCharacter(c))) {
                exchange.header("Access-Control-Allow-Headers", headers);
            }
            exchange.header("Access-Control-Max-Age", Long.toString(maxAgeSeconds));
        }
        exchange.answer(204);
    }

    private static boolean isTokenCharacter(int c) {
        return (c >= '0' && c <= '9')
                || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
}
