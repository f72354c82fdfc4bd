package io.naru.gateway.v3;

import jakarta.servlet.http.HttpServletRequest;
import java.net.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * The address under which a caller knows the gateway, for links in answers: what a proxy in front of the gateway says, else what the
 * caller asked. Whoever lies about it gets links of that kind himself, and nobody else.
 *
 * @param scheme {@code http} or {@code https}
 * @param host   name or address, in brackets if it is IPv6, without a port
 * @param port   1–65535
 */
record CallerAddress(String scheme, String host, String port) {

    private static final String HTTPS = "https";

    static CallerAddress of(HttpServletRequest asked) {
        String scheme = first(asked.getHeader("X-Forwarded-Proto"));
        String host = first(asked.getHeader("X-Forwarded-Host"));
        String port = first(asked.getHeader("X-Forwarded-Port"));
        if (scheme == null) {
            scheme = asked.getScheme();
        }
        if (host == null) {
            return new CallerAddress(
                    scheme, asked.getServerName(), port == null ? Integer.toString(asked.getServerPort()) : port);
        }
        int colon = host.lastIndexOf(':');
        boolean named = colon > host.lastIndexOf(']');
        String bare = named ? host.substring(0, colon) : host;
        if (port == null) {
            port = named ? host.substring(colon + 1) : HTTPS.equals(scheme) ? "443" : "80";
        }
        return new CallerAddress(scheme, bare, port);
    }

    /** Proxies that stand in a row each add what they know; the first one spoke with the caller. */
    private static @Nullable String first(@Nullable String header) {
        if (header == null || header.isBlank()) {
            return null;
        }
        int comma = header.indexOf(',');
        return (comma < 0 ? header : header.substring(0, comma)).strip();
    }

    void headers(HttpRequest.Builder request) {
        request.header("X-Forwarded-Proto", scheme)
                .header("X-Forwarded-Host", host)
                .header("X-Forwarded-Port", port);
    }
}
