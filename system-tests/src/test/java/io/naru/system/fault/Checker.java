package io.naru.system.fault;

import io.naru.system.fault.Anomaly.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Holds what was sent, acknowledged and seen against what is stored at the end. The rules are those of Jepsen's Kafka workload and of
 * Redpanda's reads-and-writes checker, for readers that are assigned their partitions and never seek.
 */
final class Checker {

    private final List<Anomaly> anomalies = new ArrayList<>();
    private final Map<Integer, TreeMap<Long, String>> stored = new HashMap<>();

    private Checker() {}

    /**
     * All anomalies; empty when all is well.
     *
     * @param writes each once
     * @param seen   what the readers got while it happened
     * @param last   everything there is at the end, from the earliest record on
     */
    static List<Anomaly> check(List<Write> writes, List<Seen> seen, List<Seen> last) {
        Checker checker = new Checker();
        checker.store(last);
        checker.checkEnd(writes);
        checker.checkAcks(writes);
        checker.checkRealTime(writes);
        checker.checkReaders(seen);
        return checker.anomalies;
    }

    private void store(List<Seen> last) {
        for (Seen record : last) {
            String before = stored.computeIfAbsent(record.partition(), p -> new TreeMap<>())
                    .put(record.offset(), record.value());
            if (before != null) {
                found(
                        Kind.INCONSISTENT_OFFSETS,
                        place(record) + " was read twice, " + before + " and " + record.value());
            }
        }
    }

    private void checkEnd(List<Write> writes) {
        Set<String> sent = new HashSet<>();
        writes.forEach(write -> sent.add(write.value()));
        Map<String, String> places = new HashMap<>();
        stored.forEach((partition, records) -> records.forEach((offset, value) -> {
            String place = partition + "@" + offset;
            String before = places.put(value, place);
            if (before != null) {
                found(Kind.DUPLICATE, value + " is at " + before + " and at " + place);
            }
            if (!sent.contains(value)) {
                found(Kind.UNKNOWN_RECORD, value + " at " + place);
            }
        }));
    }

    private void checkAcks(List<Write> writes) {
        Map<String, Long> lastOf = new HashMap<>();
        Map<Integer, Set<String>> present = new HashMap<>();
        stored.forEach((partition, records) -> present.put(partition, new HashSet<>(records.values())));
        for (Write write : writes) {
            if (write.ack() == null) {
                continue;
            }
            String place = write.partition() + "@" + write.ack().offset();
            String there = stored.getOrDefault(write.partition(), new TreeMap<>())
                    .get(write.ack().offset());
            if (!present.getOrDefault(write.partition(), Set.of()).contains(write.value())) {
                found(Kind.LOST_WRITE, write.value() + ", acknowledged at " + place + ", where there is " + there);
            } else if (!write.value().equals(there)) {
                found(
                        Kind.INCONSISTENT_OFFSETS,
                        write.value() + " was acknowledged at " + place + ", where there is " + there);
            }
            Long before = lastOf.put(
                    write.writer() + "/" + write.partition(), write.ack().offset());
            if (before != null && before >= write.ack().offset()) {
                found(
                        Kind.NONMONOTONIC_SEND,
                        write.value() + " at " + place + " was sent after the record at " + before);
            }
        }
    }

    /** An acknowledged write stands after every write whose acknowledgement had come before it was sent. */
    private void checkRealTime(List<Write> writes) {
        Map<Integer, List<Write>> acked = new HashMap<>();
        for (Write write : writes) {
            if (write.ack() != null) {
                acked.computeIfAbsent(write.partition(), p -> new ArrayList<>()).add(write);
            }
        }
        for (List<Write> all : acked.values()) {
            List<Write> bySend = all.stream()
                    .sorted(Comparator.comparingLong(Write::sentNanos))
                    .toList();
            List<Write> byAck = all.stream()
                    .sorted(Comparator.comparingLong(write -> ack(write).nanos()))
                    .toList();
            long known = -1;
            int next = 0;
            for (Write write : bySend) {
                while (next < byAck.size() && ack(byAck.get(next)).nanos() < write.sentNanos()) {
                    known = Math.max(known, ack(byAck.get(next)).offset());
                    next++;
                }
                if (ack(write).offset() <= known) {
                    found(
                            Kind.REAL_TIME_ORDER,
                            write.value() + " is at " + write.partition() + "@"
                                    + ack(write).offset() + ", but offset " + known
                                    + " had been acknowledged before it was sent");
                }
            }
        }
    }

    private static Write.Ack ack(Write write) {
        if (write.ack() == null) {
            throw new IllegalArgumentException(write + " has no ack");
        }
        return write.ack();
    }

    private void checkReaders(List<Seen> seen) {
        Map<String, Long> positions = new HashMap<>();
        for (Seen record : seen) {
            TreeMap<Long, String> partition = stored.getOrDefault(record.partition(), new TreeMap<>());
            String there = partition.get(record.offset());
            if (there == null) {
                found(Kind.VANISHED, "reader " + record.reader() + " saw " + record.value() + " at " + place(record));
            } else if (!there.equals(record.value())) {
                found(
                        Kind.INCONSISTENT_OFFSETS,
                        "reader " + record.reader() + " saw " + record.value() + " at " + place(record)
                                + ", where there is " + there);
            }
            Long before = positions.put(record.reader() + "/" + record.partition(), record.offset());
            if (before != null && record.offset() <= before) {
                found(
                        Kind.NONMONOTONIC_POLL,
                        "reader " + record.reader() + " saw " + place(record) + " after offset " + before);
            } else {
                Long skipped = partition.higherKey(before == null ? -1 : before);
                if (skipped != null && skipped < record.offset()) {
                    found(
                            Kind.POLL_SKIP,
                            "reader " + record.reader() + " saw " + place(record) + " and not offset " + skipped);
                }
            }
        }
    }

    private static String place(Seen record) {
        return record.partition() + "@" + record.offset();
    }

    private void found(Kind kind, String detail) {
        anomalies.add(new Anomaly(kind, detail));
    }
}
