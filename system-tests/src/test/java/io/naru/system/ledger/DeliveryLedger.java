package io.naru.system.ledger;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keeps account of one group: which records were written, who was given them, and which are acknowledged. Its clock counts events, so
 * what happened before what is certain. Thread-safe.
 */
final class DeliveryLedger {

    private static final int SHOWN_MAX = 20;

    private final Map<String, Entry> entries = new HashMap<>();
    private final List<String> anomalies = new ArrayList<>();
    private long now;
    private int deliveries;

    /** One record's account. */
    private static final class Entry {
        private boolean written;
        private boolean delivered;
        private long ackedAt = Long.MAX_VALUE;
        private String ackedBy = "";
    }

    /** Records that are to arrive. */
    synchronized void written(String value) {
        entry(value).written = true;
    }

    /** The moment in which a request is sent: everything acknowledged by then must not come again in its answer. */
    synchronized long moment() {
        return ++now;
    }

    /** An answer brought records. */
    synchronized void delivered(String member, long askedAt, Collection<String> values) {
        if (new HashSet<>(values).size() != values.size()) {
            anomalies.add(member + " was given a record twice in one answer: " + values);
        }
        for (String value : values) {
            Entry entry = entry(value);
            if (entry.ackedAt < askedAt) {
                anomalies.add(member + " was given " + value + ", asking at " + askedAt + ", acknowledged at "
                        + entry.ackedAt + " " + entry.ackedBy);
            }
            entry.delivered = true;
            deliveries++;
        }
    }

    /**
     * An acknowledgement is known to have been taken.
     *
     * @param by how that is known
     */
    synchronized void acked(String by, Collection<String> values) {
        long at = ++now;
        for (String value : values) {
            Entry entry = entry(value);
            if (entry.ackedAt == Long.MAX_VALUE) {
                entry.ackedAt = at;
                entry.ackedBy = by;
            }
        }
    }

    /** Something else that must not happen. */
    synchronized void anomaly(String what) {
        anomalies.add(what);
    }

    /** How many of the records written are acknowledged. */
    synchronized int acked() {
        return (int) entries.values().stream()
                .filter(entry -> entry.written && entry.ackedAt < Long.MAX_VALUE)
                .count();
    }

    /** How many of the records written have arrived. */
    synchronized int arrived() {
        return (int) entries.values().stream()
                .filter(entry -> entry.written && entry.delivered)
                .count();
    }

    /** How many records were given out, each as often as it was. */
    synchronized int deliveries() {
        return deliveries;
    }

    /** What must not have happened: records lost, made up, or given out again although acknowledged. */
    synchronized List<String> anomalies() {
        List<String> all = new ArrayList<>(anomalies);
        Set<String> lost = new TreeSet<>();
        entries.forEach((value, entry) -> {
            if (entry.written && !entry.delivered) {
                lost.add(value);
            } else if (!entry.written) {
                all.add(value + " was never written");
            }
        });
        if (!lost.isEmpty()) {
            all.add(lost.size() + " records never arrived: "
                    + lost.stream().limit(SHOWN_MAX).toList());
        }
        return all;
    }

    private Entry entry(String value) {
        return entries.computeIfAbsent(value, v -> new Entry());
    }
}
