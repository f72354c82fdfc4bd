package io.naru.simulation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Links between named machines, each direction for itself. A message takes a while, seldom a long one. On a link that is cut it waits, as
 * TCP would try it again, and comes late or not at all. Single messages overtake each other and may come twice; those of one
 * {@link Lane} keep their order.
 */
final class Network {

    private static final int USUALLY_US = 2_000;
    private static final int SELDOM_US = 400_000;

    private final EventQueue events;
    private final long seed;
    private final Map<String, Link> links = new TreeMap<>();

    /** Keeps the order of what is sent one way through one connection. */
    static final class Lane {
        private long lastArrivalUs;
    }

    private static final class Link {
        private final Random random;
        private boolean cut;
        private final List<Runnable> held = new ArrayList<>();

        Link(Random random) {
            this.random = random;
        }
    }

    Network(EventQueue events, long seed) {
        this.events = events;
        this.seed = seed;
    }

    private Link link(String from, String to) {
        String name = from + ">" + to;
        return links.computeIfAbsent(name, n -> new Link(new Random(seed * 31 + n.hashCode())));
    }

    void cut(String from, String to) {
        link(from, to).cut = true;
    }

    /** Whether messages do not come through at the moment. */
    boolean isCut(String from, String to) {
        return link(from, to).cut;
    }

    void heal(String from, String to) {
        Link link = link(from, to);
        if (!link.cut) {
            return;
        }
        link.cut = false;
        List<Runnable> late = List.copyOf(link.held);
        link.held.clear();
        for (Runnable sending : late) {
            if (link.random.nextInt(3) > 0) {
                sending.run();
            }
        }
    }

    void healAll() {
        for (String name : List.copyOf(links.keySet())) {
            int middle = name.indexOf('>');
            heal(name.substring(0, middle), name.substring(middle + 1));
        }
    }

    private static long delayUs(Link link) {
        return link.random.nextInt(50) == 0 ? link.random.nextInt(SELDOM_US) : 50 + link.random.nextInt(USUALLY_US);
    }

    /** Sends in order. */
    void send(String from, String to, Lane lane, Runnable arrival) {
        Link link = link(from, to);
        if (link.cut) {
            link.held.add(() -> send(from, to, lane, arrival));
            return;
        }
        long at = Math.max(lane.lastArrivalUs + 1, events.nowUs() + delayUs(link));
        lane.lastArrivalUs = at;
        events.after(at - events.nowUs(), arrival);
    }

    private void sendAlone(String from, String to, boolean mayComeTwice, Runnable arrival) {
        Link link = link(from, to);
        if (link.cut) {
            link.held.add(() -> sendAlone(from, to, mayComeTwice, arrival));
            return;
        }
        events.after(delayUs(link), arrival);
        if (mayComeTwice && link.random.nextInt(40) == 0) {
            events.after(10 * delayUs(link), arrival);
        }
    }

    /** Whether a coin that belongs to the link shows heads. */
    boolean toss(String from, String to) {
        return link(from, to).random.nextBoolean();
    }

    /** One who answers calls. */
    interface Callee {
        SimulatedProcess process();
    }

    /**
     * Calls another machine, whoever runs there when the call arrives. The call may take effect though no answer comes, and
     * twice.
     *
     * @return completes in an event of {@code caller}
     */
    <T extends Callee, A> CompletableFuture<A> call(
            SimulatedProcess caller,
            String to,
            Supplier<@Nullable T> callee,
            Function<T, CompletableFuture<A>> call,
            long timeoutMs) {
        CompletableFuture<A> answer = new CompletableFuture<>();
        String from = caller.name();
        caller.afterMs(timeoutMs, () -> answer.completeExceptionally(new IOException("no answer from " + to)));
        sendAlone(from, to, true, () -> {
            T there = callee.get();
            if (there == null || !there.process().alive()) {
                back(caller, to, () -> answer.completeExceptionally(new IOException(to + " refused the connection")));
                return;
            }
            there.process()
                    .execute(() -> call.apply(there).whenComplete((result, error) -> {
                        if (there.process().alive()) {
                            back(caller, to, () -> {
                                if (error != null) {
                                    answer.completeExceptionally(error);
                                } else {
                                    answer.complete(result);
                                }
                            });
                        }
                    }));
        });
        return answer;
    }

    private void back(SimulatedProcess caller, String from, Runnable arrival) {
        sendAlone(from, caller.name(), false, () -> caller.execute(arrival));
    }
}
