package io.naru.cluster.control;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One result per resource asked for, in the order asked.
 *
 * @param results      what became of each
 * @param imageVersion version of the first image that shows the changes; a relay waits for it before it answers its own client
 */
public record ConfigResults(List<ConfigResult> results, long imageVersion) {

    /** Copies the list. */
    public ConfigResults {
        results = List.copyOf(results);
    }

    /**
     * What became of one resource.
     *
     * @param target    which
     * @param errorCode Kafka error code, 0 for success
     * @param message   why it failed, in words for people
     * @param configs   all that is set on it now, or would be (validate only); null on failure
     */
    public record ConfigResult(
            ConfigTarget target,
            short errorCode,
            @Nullable String message,
            @Nullable Map<String, String> configs) {}
}
