package io.naru.cluster.control;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Who wants something changed, for the change history. Nobody is authenticated yet, so it is what the caller says of itself.
 *
 * @param principal in Kafka's form, {@code User:ANONYMOUS}
 * @param client    what the client calls itself: client id, or user agent; empty when it says nothing
 * @param address   where it called from; empty when that is not known
 */
public record Actor(String principal, String client, String address) {

    /** HTTP header in which a broker tells the controller for whom it asks. */
    public static final String HEADER = "Naru-Actor";

    /** Kafka's name for somebody who has not said who they are. */
    public static final String ANONYMOUS = "User:ANONYMOUS";

    private static final int MAX_LENGTH = 200;
    private static final int PARTS = 3;

    /** Cuts what is too long. */
    public Actor {
        principal = cut(principal);
        client = cut(client);
        address = cut(address);
    }

    /** Somebody who has not said who they are. */
    public static Actor anonymous(@Nullable String client, @Nullable String address) {
        return new Actor(ANONYMOUS, client == null ? "" : client, address == null ? "" : address);
    }

    /** The header's value: three parts, percent-encoded. */
    public String toHeader() {
        return encode(principal) + " " + encode(client) + " " + encode(address);
    }

    /** The actor that a header names; without one, or with one that cannot be read, an anonymous caller at {@code address}. */
    public static Actor fromHeader(@Nullable String header, @Nullable String address) {
        String[] parts = header == null ? new String[0] : header.split(" ", -1);
        if (parts.length != PARTS) {
            return anonymous(null, address);
        }
        try {
            return new Actor(decode(parts[0]), decode(parts[1]), decode(parts[2]));
        } catch (IllegalArgumentException malformed) {
            return anonymous(null, address);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** Without NUL too, which a Kafka client may send and PostgreSQL cannot store. */
    private static String cut(String given) {
        String text = given.replace('\0', ' ');
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH);
    }
}
