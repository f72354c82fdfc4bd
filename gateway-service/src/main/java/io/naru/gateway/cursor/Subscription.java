package io.naru.gateway.cursor;

import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a member of a group wants to read: topics by name, or all topics whose names match a pattern as a whole, or partitions that it
 * chooses itself, without the group.
 *
 * @param topics  names in order, without repetition; empty when there is a pattern
 * @param pattern regular expression (RE2), or null
 */
public record Subscription(List<String> topics, @Nullable String pattern) {

    /** Partitions of the client's own choice; the cursor's positions say which. */
    public static final Subscription ASSIGNED = new Subscription(List.of(), null);

    /** Checks that it is one at most. */
    public Subscription {
        topics = List.copyOf(new TreeSet<>(topics));
        if (!topics.isEmpty() && pattern != null) {
            throw new IllegalArgumentException("a subscription has topics or a pattern");
        }
    }

    /** Of topics by name. */
    public static Subscription ofTopics(List<String> names) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("a subscription to topics has topics");
        }
        return new Subscription(names, null);
    }

    /** Of all topics that match. */
    public static Subscription ofPattern(String pattern) {
        return new Subscription(List.of(), pattern);
    }

    /** Whether the client chooses its partitions itself. */
    public boolean isAssigned() {
        return topics.isEmpty() && pattern == null;
    }
}
