package io.naru.gateway.read;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The last pages that polls brought: of each partition at least one, and more as long as there is room. While a thousand followers are served,
 * polls go on; who is served last would else find its page replaced, and fetch it alone. Not thread-safe.
 */
final class RecentPages {

    private final long bytesMax;
    /** By the offset at which they begin. */
    private final Map<TopicPartition, NavigableMap<Long, RecentPage>> pages = new HashMap<>();

    /** Where there may be a page that can go, the longest unchanged first. */
    private final Deque<TopicPartition> order = new ArrayDeque<>();

    private long bytes;

    /** @param bytesMax room for pages that are not the only one of their partition */
    RecentPages(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    void add(TopicPartition partition, RecentPage page) {
        RecentPage before =
                pages.computeIfAbsent(partition, p -> new TreeMap<>()).put(page.from(), page);
        bytes += page.bytes() - (before == null ? 0 : before.bytes());
        order.addLast(partition);
        while (bytes > bytesMax && !order.isEmpty()) {
            dropFirst(order.removeFirst());
        }
    }

    private void dropFirst(TopicPartition partition) {
        NavigableMap<Long, RecentPage> its = pages.get(partition);
        if (its != null && its.size() > 1) {
            bytes -= its.pollFirstEntry().getValue().bytes();
        }
    }

    @Nullable
    RecentPage find(TopicPartition partition, long offset) {
        NavigableMap<Long, RecentPage> its = pages.get(partition);
        Map.Entry<Long, RecentPage> found = its == null ? null : its.floorEntry(offset);
        return found != null && found.getValue().holds(offset) ? found.getValue() : null;
    }

    /** Nobody reads this partition any more. */
    void forget(TopicPartition partition) {
        NavigableMap<Long, RecentPage> its = pages.remove(partition);
        if (its != null) {
            its.values().forEach(page -> bytes -= page.bytes());
            order.removeIf(partition::equals);
        }
    }
}
