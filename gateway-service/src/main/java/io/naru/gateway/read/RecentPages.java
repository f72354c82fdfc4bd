package io.naru.gateway.read;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The last pages that polls brought: of each partition the last, and of those before as many as there is room for. While a thousand followers
 * are served, polls go on; who is served last would else find its page replaced, and fetch it alone. Not thread-safe.
 */
final class RecentPages {

    private final long olderBytesMax;
    private final Map<TopicPartition, Deque<RecentPage>> pages = new HashMap<>();
    private final Deque<TopicPartition> older = new ArrayDeque<>();
    private long olderBytes;

    /** @param olderBytesMax room for pages that are not their partition's last */
    RecentPages(long olderBytesMax) {
        this.olderBytesMax = olderBytesMax;
    }

    void add(TopicPartition partition, RecentPage page) {
        Deque<RecentPage> its = pages.computeIfAbsent(partition, p -> new ArrayDeque<>(4));
        RecentPage before = its.peekLast();
        its.addLast(page);
        if (before != null) {
            older.addLast(partition);
            olderBytes += before.bytes();
        }
        while (olderBytes > olderBytesMax) {
            dropOldest();
        }
    }

    private void dropOldest() {
        Deque<RecentPage> its = pages.get(older.removeFirst());
        if (its != null && its.size() > 1) {
            olderBytes -= its.removeFirst().bytes();
        }
    }

    @Nullable
    RecentPage find(TopicPartition partition, long offset) {
        Deque<RecentPage> its = pages.get(partition);
        if (its == null) {
            return null;
        }
        for (RecentPage page : its) {
            if (page.holds(offset)) {
                return page;
            }
        }
        return null;
    }

    /** Nobody reads this partition any more. */
    void forget(TopicPartition partition) {
        Deque<RecentPage> its = pages.remove(partition);
        if (its != null) {
            its.removeLast();
            its.forEach(page -> olderBytes -= page.bytes());
            older.removeIf(partition::equals);
        }
    }
}
