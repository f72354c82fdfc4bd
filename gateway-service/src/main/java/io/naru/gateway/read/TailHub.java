package io.naru.gateway.read;

import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.Lane;
import io.naru.protocol.client.NodeAddress;
import io.netty.util.Timer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Waits for records that are not there yet, on behalf of all who wait. A partition is fetched once, however many wait for it; all
 * partitions of a broker travel in one long-polling Fetch as soon as one comes back, and only newcomers open further ones meanwhile, each
 * on a connection of its own. What a poll brought is kept a moment, so that those it woke read it without asking the broker again.
 *
 * <p>Thread-safe. Everything is guarded by the monitor, which is never held while someone is called.
 */
public final class TailHub {

    private static final long REROUTE_MS = 100;
    private static final long SWEEP_MS = 2_000;
    private static final long PAGES_BYTES = 8 << 20;

    private final KafkaClient client;
    private final PartitionReads reads;
    private final Timer timer;
    private final ReadProperties properties;
    private final Isolation isolation;
    private final Map<TopicPartition, Tail> tails = new HashMap<>();
    private final Map<NodeAddress, Poller> pollers = new HashMap<>();
    private final RecentPages recent = new RecentPages(PAGES_BYTES);
    private boolean sweeping;

    /** A hub for one kind of isolation. */
    public TailHub(
            KafkaClient client, PartitionReads reads, Timer timer, ReadProperties properties, Isolation isolation) {
        this.client = client;
        this.reads = reads;
        this.timer = timer;
        this.properties = properties;
        this.isolation = isolation;
    }

    /** The end of a partition that someone waits at, or has just read. */
    private static final class Tail {
        private final TopicPartition partition;
        private final Set<Watch> watches = new HashSet<>();
        /** Behind what is known to be readable, or −1. */
        private long end = -1;

        private boolean polled;
        private long usedNanos;

        Tail(TopicPartition partition) {
            this.partition = partition;
        }

        long lowestWatched() {
            long lowest = Long.MAX_VALUE;
            for (Watch watch : watches) {
                lowest = Math.min(lowest, watch.offsets().getOrDefault(partition, Long.MAX_VALUE));
            }
            return lowest;
        }
    }

    /** Polls of one broker. */
    private static final class Poller {
        private final NodeAddress node;
        private final Set<Tail> waiting = new LinkedHashSet<>();
        private final boolean[] busy;

        Poller(NodeAddress node, int lanes) {
            this.node = node;
            this.busy = new boolean[lanes];
        }

        int takeLane() {
            for (int i = 0; i < busy.length; i++) {
                if (!busy[i]) {
                    busy[i] = true;
                    return i;
                }
            }
            return -1;
        }
    }

    /**
     * Waits until one of the partitions can be read at its offset, or has an error to be found there.
     *
     * @param onData called once, on any thread; must not block
     */
    public Watch watch(Map<TopicPartition, Long> offsets, Runnable onData) {
        Watch watch = new Watch(this, Map.copyOf(offsets), onData);
        List<Tail> toPoll = new ArrayList<>();
        boolean already = false;
        synchronized (this) {
            for (Map.Entry<TopicPartition, Long> position : offsets.entrySet()) {
                Tail tail = tails.computeIfAbsent(position.getKey(), Tail::new);
                tail.usedNanos = System.nanoTime();
                if (tail.polled && tail.end > position.getValue()) {
                    already = true;
                }
                tail.watches.add(watch);
                if (!tail.polled) {
                    tail.polled = true;
                    toPoll.add(tail);
                }
            }
            startSweeping();
        }
        if (already) {
            watch.fire();
        }
        route(toPoll);
        return watch;
    }

    /** What a poll of a partition brought a moment ago, if it holds the offset. */
    synchronized @Nullable RecentPage recent(TopicPartition partition, long offset) {
        Tail tail = tails.get(partition);
        RecentPage page = tail == null ? null : recent.find(partition, offset);
        if (tail != null && page != null) {
            tail.usedNanos = System.nanoTime();
        }
        return page;
    }

    /** Behind what is known to be readable of a partition, or −1. */
    public synchronized long knownEnd(TopicPartition partition) {
        Tail tail = tails.get(partition);
        return tail == null ? -1 : tail.end;
    }

    synchronized void forget(Watch watch) {
        for (TopicPartition partition : watch.offsets().keySet()) {
            Tail tail = tails.get(partition);
            if (tail != null) {
                tail.watches.remove(watch);
            }
        }
    }

    private void route(List<Tail> toPoll) {
        if (toPoll.isEmpty()) {
            return;
        }
        Map<TopicPartition, Long> wanted = new HashMap<>();
        Map<TopicPartition, Tail> byPartition = new HashMap<>();
        for (Tail tail : toPoll) {
            wanted.put(tail.partition, 0L);
            byPartition.put(tail.partition, tail);
        }
        reads.byLeader(wanted).whenComplete((leaders, error) -> {
            if (error != null) {
                routeLater(toPoll);
                return;
            }
            List<Watch> hopeless = new ArrayList<>();
            List<Tail> later = new ArrayList<>();
            List<Poller> ready = new ArrayList<>();
            synchronized (this) {
                leaders.targets().forEach((node, targets) -> {
                    Poller poller = pollers.computeIfAbsent(node, n -> new Poller(n, properties.connections()));
                    targets.forEach(target -> poller.waiting.add(byPartition.get(target.partition())));
                    ready.add(poller);
                });
                leaders.failed().forEach((partition, why) -> {
                    Tail tail = byPartition.get(partition);
                    if (tail == null) {
                        return;
                    }
                    if (PartitionReads.passes(why.error())) {
                        later.add(tail);
                    } else {
                        tail.polled = false;
                        hopeless.addAll(tail.watches);
                    }
                });
            }
            hopeless.forEach(Watch::fire);
            routeLater(later);
            ready.forEach(this::pump);
        });
    }

    private void routeLater(List<Tail> toPoll) {
        if (!toPoll.isEmpty()) {
            timer.newTimeout(t -> route(toPoll), REROUTE_MS, TimeUnit.MILLISECONDS);
        }
    }

    private void pump(Poller poller) {
        List<FetchCalls.Target> targets = new ArrayList<>();
        Map<TopicPartition, Tail> polled = new HashMap<>();
        int lane;
        synchronized (this) {
            poller.waiting.removeIf(tail -> {
                if (tail.watches.isEmpty()) {
                    tail.polled = false;
                    return true;
                }
                return false;
            });
            if (poller.waiting.isEmpty()) {
                return;
            }
            lane = poller.takeLane();
            if (lane < 0) {
                return;
            }
            for (Tail tail : poller.waiting) {
                polled.put(tail.partition, tail);
            }
            poller.waiting.clear();
        }
        Map<TopicPartition, Long> offsets = new HashMap<>();
        synchronized (this) {
            polled.values().forEach(tail -> offsets.put(tail.partition, tail.lowestWatched()));
        }
        // The topics' ids; known already, as the leaders were looked up a moment ago.
        reads.byLeader(offsets).whenComplete((leaders, error) -> {
            if (error == null) {
                List<FetchCalls.Target> known = leaders.targets().getOrDefault(poller.node, List.of());
                known.stream()
                        .filter(target -> target.offset() != Long.MAX_VALUE)
                        .forEach(targets::add);
            }
            send(poller, lane, targets, polled);
        });
    }

    private void send(Poller poller, int lane, List<FetchCalls.Target> targets, Map<TopicPartition, Tail> polled) {
        if (targets.isEmpty()) {
            done(poller, lane, Map.of(), Map.of(), polled);
            return;
        }
        Map<TopicPartition, Long> asked = new HashMap<>();
        targets.forEach(target -> asked.put(target.partition(), target.offset()));
        int waitMs = (int) properties.pollTime().toMillis();
        client.send(
                        poller.node,
                        new Lane("tail-" + isolation.code(), lane),
                        FetchCalls.request(
                                targets,
                                waitMs,
                                (int) properties.requestSize().toBytes(),
                                (int) properties.fetchSize().toBytes(),
                                isolation),
                        waitMs,
                        FetchResponseData.class)
                .whenComplete((answer, error) -> done(
                        poller,
                        lane,
                        asked,
                        error == null ? FetchCalls.results(targets, answer, isolation) : Map.of(),
                        polled));
    }

    /** A poll came back: wakes who can read now, and goes on with the rest. */
    private void done(
            Poller poller,
            int lane,
            Map<TopicPartition, Long> asked,
            Map<TopicPartition, Fetched> results,
            Map<TopicPartition, Tail> polled) {
        List<Watch> woken = new ArrayList<>();
        List<Tail> elsewhere = new ArrayList<>();
        synchronized (this) {
            poller.busy[lane] = false;
            for (Tail tail : polled.values()) {
                Fetched fetched = results.get(tail.partition);
                if (fetched == null || PartitionReads.passes(fetched.error())) {
                    elsewhere.add(tail);
                } else {
                    take(tail, asked.getOrDefault(tail.partition, 0L), fetched, woken);
                    poller.waiting.add(tail);
                }
            }
        }
        elsewhere.forEach(tail -> reads.forget(tail.partition.topic()));
        woken.forEach(Watch::fire);
        routeLater(elsewhere);
        pump(poller);
    }

    private void take(Tail tail, long from, Fetched fetched, List<Watch> woken) {
        if (fetched.error() != Errors.NONE) {
            woken.addAll(tail.watches);
            return;
        }
        tail.end = fetched.readableEnd();
        long behind = from;
        for (RecordBatch batch : fetched.records().batches()) {
            behind = batch.nextOffset();
        }
        if (behind > from) {
            recent.add(tail.partition, new RecentPage(fetched, from, behind));
        }
        for (Watch watch : tail.watches) {
            Long at = watch.offsets().get(tail.partition);
            if (at != null && at < Math.max(behind, fetched.readableEnd())) {
                woken.add(watch);
            }
        }
    }

    private void startSweeping() {
        if (!sweeping) {
            sweeping = true;
            timer.newTimeout(t -> sweep(), SWEEP_MS, TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void sweep() {
        long now = System.nanoTime();
        tails.values().removeIf(tail -> {
            boolean unused = !tail.polled
                    && tail.watches.isEmpty()
                    && now - tail.usedNanos > TimeUnit.MILLISECONDS.toNanos(SWEEP_MS);
            if (unused) {
                recent.forget(tail.partition);
            }
            return unused;
        });
        sweeping = false;
        if (!tails.isEmpty()) {
            startSweeping();
        }
    }
}
