package io.naru.gateway.http;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which web pages may call.
 *
 * @param allowedOrigins origins like {@code https://app.example.com} whose pages may call, or {@code *} for all; a page that the gateway
 *                       itself serves always may, any other is refused
 * @param maxAge         how long a browser may remember the answer to a preflight request
 */
@ConfigurationProperties("naru.gateway.cors")
public record CorsProperties(
        @DefaultValue List<String> allowedOrigins,
        @DefaultValue("10m") Duration maxAge) {

    /** Checks that origins are origins. */
    public CorsProperties {
        allowedOrigins = List.copyOf(allowedOrigins);
        for (String origin : allowedOrigins) {
            if (!origin.equals("*") && !origin.matches("[a-z][a-z0-9+.-]*://[^/?#\\s]+")) {
                throw new IllegalArgumentException(
                        "naru.gateway.cors.allowed-origins: \"" + origin
                                + "\" is no origin; write scheme://host or scheme://host:port, without a slash at the end, or *");
            }
        }
    }
}
