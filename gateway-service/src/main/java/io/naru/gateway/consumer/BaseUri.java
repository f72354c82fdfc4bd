package io.naru.gateway.consumer;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the client reaches this gateway: as it is told, or as the client came here. Behind a proxy that is what {@code Forwarded} (RFC
 * 7239) or {@code X-Forwarded-Proto}, {@code -Host}, {@code -Port} and {@code -Prefix} say of the first hop, else the {@code Host} that
 * was asked for. What is no host, port or path is passed over.
 */
final class BaseUri {

    private static final Pattern AUTHORITY =
            Pattern.compile("([A-Za-z0-9._-]{1,255}|\\[[0-9A-Fa-f:.]{2,45}])(:\\d{1,5})?");
    private static final Pattern PORT = Pattern.compile("\\d{1,5}");
    private static final Pattern PREFIX = Pattern.compile("(/[A-Za-z0-9._~%-]{1,255}){1,16}/?");

    private BaseUri() {}

    /** Without a slash at the end. */
    static String of(HttpServletRequest request, @Nullable URI told) {
        if (told != null) {
            return trim(told.toString());
        }
        String forwarded = first(request.getHeader("Forwarded"));
        String proto = or(parameter(forwarded, "proto"), first(request.getHeader("X-Forwarded-Proto")));
        String host = or(parameter(forwarded, "host"), first(request.getHeader("X-Forwarded-Host")));
        String port = first(request.getHeader("X-Forwarded-Port"));
        String prefix = first(request.getHeader("X-Forwarded-Prefix"));
        String scheme = "https".equalsIgnoreCase(proto) || "http".equalsIgnoreCase(proto)
                ? String.valueOf(proto).toLowerCase(Locale.ROOT)
                : request.getScheme();
        String authority = host != null && AUTHORITY.matcher(host).matches() ? host : own(request);
        if (port != null && PORT.matcher(port).matches() && !authority.matches(".*:\\d{1,5}")) {
            boolean usual = port.equals(scheme.equals("https") ? "443" : "80");
            authority = usual ? authority : authority + ":" + port;
        }
        String path = prefix != null && PREFIX.matcher(prefix).matches() ? trim(prefix) : "";
        return scheme + "://" + authority + path;
    }

    private static String own(HttpServletRequest request) {
        String host = request.getHeader("Host");
        return host != null && AUTHORITY.matcher(host).matches()
                ? host
                : request.getServerName() + ":" + request.getServerPort();
    }

    private static String trim(String uri) {
        return uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
    }

    private static @Nullable String or(@Nullable String one, @Nullable String other) {
        return one != null ? one : other;
    }

    /** Of a list, what the first proxy has said. */
    private static @Nullable String first(@Nullable String header) {
        if (header == null) {
            return null;
        }
        int comma = header.indexOf(',');
        return (comma < 0 ? header : header.substring(0, comma)).strip();
    }

    private static @Nullable String parameter(@Nullable String forwarded, String name) {
        if (forwarded == null) {
            return null;
        }
        for (String pair : forwarded.split(";", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.substring(0, equals).strip().equalsIgnoreCase(name)) {
                return pair.substring(equals + 1).strip().replace("\"", "");
            }
        }
        return null;
    }
}
