package io.naru.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What clients were told: which records are written, at which offsets, and what consumers have read. One value belongs to one offset and one
 * offset to one value, for ever; what was known before a write began lies below it (real-time order).
 */
final class Ledger {

    private final Map<Place, History> histories = new HashMap<>();
    private long acked;
    private long seen;

    private static final class History {
        private final TreeMap<Long, String> acked = new TreeMap<>();
        private final Map<String, Long> offsets = new HashMap<>();
        private final TreeMap<Long, String> known = new TreeMap<>();
    }

    /** A record as it is in a log. */
    record Stored(long offset, String value) {}

    private History of(Place place) {
        return histories.computeIfAbsent(place, p -> new History());
    }

    /** Largest offset that any client knows of; −1 for none. */
    long knownEnd(Place place) {
        TreeMap<Long, String> known = of(place).known;
        return known.isEmpty() ? -1 : known.lastKey();
    }

    /**
     * A producer was told that its record is at {@code offset}.
     *
     * @param knownBefore {@link #knownEnd} before the record was first sent
     */
    void acked(Place place, String value, long offset, long knownBefore) {
        acked++;
        History history = of(place);
        if (offset <= knownBefore) {
            throw new Violation("P11: " + value + " was written to offset " + offset + " of " + place + " after "
                    + knownBefore + " was known");
        }
        Long other = history.offsets.put(value, offset);
        if (other != null && other != offset) {
            throw new Violation("P5: " + value + " is at " + other + " and at " + offset + " of " + place);
        }
        history.acked.put(offset, value);
        known(place, history, offset, value);
    }

    /** A consumer has read a record. */
    void seen(Place place, long offset, String value) {
        seen++;
        known(place, of(place), offset, value);
    }

    private static void known(Place place, History history, long offset, String value) {
        String other = history.known.put(offset, value);
        if (other != null && !other.equals(value)) {
            throw new Violation("P10: offset " + offset + " of " + place + " had " + other + " and now has " + value);
        }
    }

    /** Checks what is in the log when all is well again. */
    void check(Place place, List<Stored> log) {
        Map<Long, String> byOffset = new HashMap<>();
        Set<String> values = new HashSet<>();
        Map<String, Long> lastOfProducer = new HashMap<>();
        long next = 0;
        for (Stored stored : log) {
            byOffset.put(stored.offset, stored.value);
            if (stored.offset != next++) {
                throw new Violation(place + " has offset " + stored.offset + " where " + (next - 1) + " should be");
            }
            if (!values.add(stored.value)) {
                throw new Violation("P5: " + stored.value + " is twice in " + place + ", again at " + stored.offset);
            }
            int colon = stored.value.indexOf(':');
            String producer = stored.value.substring(0, colon);
            long number = Long.parseLong(stored.value.substring(colon + 1));
            Long last = lastOfProducer.put(producer, number);
            if (last != null && last >= number) {
                throw new Violation("P6: " + stored.value + " of " + place + " comes after " + producer + ":" + last);
            }
            if (number != (last == null ? 0 : last + 1)) {
                throw new Violation("P6: " + stored.value + " of " + place + " has nothing before it but " + last);
            }
        }
        of(place).known.forEach((offset, value) -> {
            if (!value.equals(byOffset.get(offset))) {
                boolean promised = value.equals(of(place).acked.get(offset));
                throw new Violation((promised ? "P1: acknowledged " : "P14: consumers saw ") + value + " at offset "
                        + offset + " of " + place + ", where now is " + byOffset.get(offset) + "; it is "
                        + (values.contains(value) ? "elsewhere" : "lost"));
            }
        });
    }

    long ackedCount() {
        return acked;
    }

    long seenCount() {
        return seen;
    }
}
