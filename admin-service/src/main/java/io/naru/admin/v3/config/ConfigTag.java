package io.naru.admin.v3.config;

import io.naru.admin.v3.V3Exception;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** ETags of configs (RFC 9110, 8.8.3): one for all that is set on a topic, on a broker, or on all brokers. */
final class ConfigTag {

    private static final int BYTES = 16;
    private static final String ANY = "*";

    private ConfigTag() {}

    /** The tag, in its quotes. */
    static String of(Map<String, String> set) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(set)
                .forEach((name, value) -> text.append(name)
                        .append('=')
                        .append(value.length())
                        .append(':')
                        .append(value)
                        .append('\n'));
        byte[] digest = sha256(text.toString().getBytes(StandardCharsets.UTF_8));
        return "\"" + HexFormat.of().formatHex(digest, 0, BYTES) + "\"";
    }

    /**
     * What has to be set for a change to be made.
     *
     * @param ifMatch the header, or null
     * @param set     what is set now
     * @return {@code set}, for the controller to compare again; null when anything will do. Refused with 412 when none of the header's
     *     tags is that of {@code set}
     */
    static @Nullable Map<String, String> expected(@Nullable String ifMatch, Map<String, String> set) {
        if (ifMatch == null || ifMatch.strip().equals(ANY)) {
            return null;
        }
        String now = of(set);
        if (Arrays.stream(ifMatch.split(",")).map(String::strip).noneMatch(now::equals)) {
            throw V3Exception.preconditionFailed(
                    "If-Match is " + ifMatch + ", but the configs are now " + now + "; read them again.");
        }
        return set;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
