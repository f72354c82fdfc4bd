package io.naru.gateway.http;

import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Names of requests: the client's own {@code X-Request-Id} where it is a sane one, else one that no other gateway gives. */
public final class RequestIds {

    /** The header, both ways. */
    public static final String HEADER = "X-Request-Id";

    private static final int LENGTH_MAX = 128;

    private final String prefix;
    private final AtomicLong next = new AtomicLong();

    /** Ids that begin with something random. */
    public RequestIds(RandomGenerator random) {
        prefix = Long.toString(random.nextLong() & Long.MAX_VALUE, 36) + "-";
    }

    String of(@Nullable String given) {
        return given != null && isSane(given) ? given : prefix + Long.toString(next.incrementAndGet(), 36);
    }

    private static boolean isSane(String id) {
        if (id.isEmpty() || id.length() > LENGTH_MAX) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (c <= ' ' || c > '~' || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }
}
