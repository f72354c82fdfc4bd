package io.naru.coordinator.group.consumer;

import io.naru.coordinator.group.state.Changes;
import io.naru.coordinator.group.state.ConsumerGroup;
import io.naru.coordinator.group.state.TopicCatalog;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupRegularExpression;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupRegularExpression.Resolved;
import io.naru.coordinator.record.MemberSubscription;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The topics a group subscribes to, as they would be after one member's change.
 *
 * @param regexes every pattern in use, with what it stands for now
 * @param hash    see {@link TopicCatalog#hash}
 */
record GroupTopics(SortedMap<String, Resolved> regexes, long hash) {

    /**
     * Looks them up.
     *
     * @param before the member's subscription so far, or null for one that joins
     * @param after  its subscription from now on, or null for one that leaves
     */
    static GroupTopics after(
            ConsumerGroup group,
            TopicCatalog catalog,
            @Nullable MemberSubscription before,
            @Nullable MemberSubscription after,
            long nowMs) {
        SortedSet<String> names = inUse(
                group.nameCounts(),
                before == null ? new TreeSet<>() : before.topicNames(),
                after == null ? new TreeSet<>() : after.topicNames());
        SortedSet<String> patterns = inUse(group.regexCounts(), pattern(before), pattern(after));
        SortedMap<String, Resolved> regexes = new TreeMap<>();
        for (String regex : patterns) {
            Resolved resolved = resolve(regex, group.regexes().get(regex), catalog, nowMs);
            regexes.put(regex, resolved);
            names.addAll(resolved.topics());
        }
        return new GroupTopics(regexes, catalog.hash(names));
    }

    /** Writes down what patterns stand for where that has changed. */
    void emitRegexes(ConsumerGroup group, Changes changes) {
        for (String gone : new TreeSet<>(group.regexes().keySet())) {
            if (!regexes.containsKey(gone)) {
                changes.emit(new ConsumerGroupRegularExpression(group.groupId(), gone, null));
            }
        }
        for (Map.Entry<String, Resolved> regex : regexes.entrySet()) {
            if (!regex.getValue().equals(group.regexes().get(regex.getKey()))) {
                changes.emit(new ConsumerGroupRegularExpression(group.groupId(), regex.getKey(), regex.getValue()));
            }
        }
    }

    private static SortedSet<String> inUse(
            SortedMap<String, Integer> counts, SortedSet<String> before, SortedSet<String> after) {
        SortedSet<String> names = new TreeSet<>(counts.keySet());
        for (String name : before) {
            if (counts.getOrDefault(name, 0) <= 1) {
                names.remove(name);
            }
        }
        names.addAll(after);
        return names;
    }

    private static SortedSet<String> pattern(@Nullable MemberSubscription subscription) {
        SortedSet<String> patterns = new TreeSet<>();
        if (subscription != null && subscription.topicRegex() != null) {
            patterns.add(subscription.topicRegex());
        }
        return patterns;
    }

    private static Resolved resolve(String regex, @Nullable Resolved known, TopicCatalog catalog, long nowMs) {
        if (known != null && known.version() == catalog.version()) {
            return known;
        }
        SortedSet<String> topics = RegexTopics.match(regex, catalog);
        return known != null && known.topics().equals(topics) ? known : new Resolved(topics, catalog.version(), nowMs);
    }
}
