package io.naru.gateway.consumer;

import io.naru.gateway.cursor.CursorSigner;
import io.naru.gateway.cursor.GroupCursor;
import io.naru.gateway.group.GroupSessions;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import io.netty.util.Timer;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs calls on instances: looks the instance up, lets the call go on from it, writes what has changed, and only then answers. Calls of
 * one instance on this gateway run one by one; should another gateway have moved it on meanwhile, the call runs again. Thread-safe.
 */
final class Consumers {

    private static final Logger logger = LoggerFactory.getLogger(Consumers.class);
    private static final int ATTEMPTS_MAX = 8;
    private static final long HURRY_MS = 50;
    private static final long UNANSWERED_MS = 1_000;
    private static final long UNANSWERED_RETRY_MS = 10;

    private final ConsumerLog log;
    private final GroupSessions sessions;
    private final ConsumerProperties properties;
    private final InstantSource clock;
    private final Timer timer;
    private final Map<ConsumerKey, Turn> turns = new ConcurrentHashMap<>();

    /** What is being written of reads that this gateway has answered. */
    private final Map<ConsumerKey, CompletableFuture<Void>> notes = new ConcurrentHashMap<>();

    /** The last call of an instance that has its turn or waits for it, and the member that may be waiting for records for it. */
    private static final class Turn {
        private final CompletableFuture<Void> over = new CompletableFuture<>();
        private volatile @Nullable GroupCursor waitsFor;
    }

    Consumers(
            ConsumerLog log, GroupSessions sessions, ConsumerProperties properties, InstantSource clock, Timer timer) {
        this.log = log;
        this.sessions = sessions;
        this.properties = properties;
        this.clock = clock;
        this.timer = timer;
    }

    /** What a call makes of an instance: {@link Done}, or {@link Again}. */
    sealed interface Step<T> {
        /** The instance after it; null to delete it. */
        @Nullable
        ConsumerState state();

        static <T> Step<T> done(@Nullable ConsumerState state, T answer) {
            return new Done<>(state, answer);
        }

        static <T> Step<T> again(ConsumerState state) {
            return new Again<>(state);
        }
    }

    /**
     * The call is over.
     *
     * @param answer what is answered once the instance is written
     */
    record Done<T>(@Nullable ConsumerState state, T answer) implements Step<T> {}

    /** The call goes on from this instance, once it is written. */
    record Again<T>(ConsumerState state) implements Step<T> {}

    /** A call. May be run more than once. */
    @FunctionalInterface
    interface Call<T> extends Function<ConsumerState, CompletableFuture<Step<T>>> {}

    ConsumerProperties properties() {
        return properties;
    }

    GroupSessions sessions() {
        return sessions;
    }

    /** Creates an instance; fails when there is one of that name. */
    CompletableFuture<Void> create(ConsumerKey key, ConsumerState state) {
        return sessions.signer()
                .thenCompose(signer -> log.find(key, signer).thenCompose(known -> {
                    if (isAlive(known)) {
                        throw exists(key);
                    }
                    return log.size(signer).thenCompose(size -> {
                        if (size >= properties.instancesMax()) {
                            throw Problem.passing(
                                            ProblemKind.OVERLOADED,
                                            "there are as many consumer instances as there may be (naru.gateway.v2.instances-max);"
                                                    + " delete those that are not needed")
                                    .exception();
                        }
                        ConsumerState used = state.usedAt(clock.millis());
                        return log.write(key, known == null ? -1 : known.offset(), used, signer)
                                .thenAccept(offset -> {
                                    if (offset < 0) {
                                        throw exists(key);
                                    }
                                });
                    });
                }));
    }

    private static ConsumerException exists(ConsumerKey key) {
        return new ConsumerException(
                ConsumerException.EXISTS,
                "Consumer with specified consumer ID already exists in the specified consumer group: " + key.name());
    }

    private boolean isAlive(ConsumerPartition.@Nullable Entry entry) {
        ConsumerState state = entry == null ? null : entry.state();
        return state != null && clock.millis() - state.usedMs() <= properties.expiryMs();
    }

    /** Runs a call when its turn has come. A read that waits for records gives way to it. */
    <T> CompletableFuture<T> run(ConsumerKey key, Call<T> call) {
        return run(key, call, false);
    }

    /** The same; a call that commits what was read is refused when nobody knows whether the last read was answered. */
    <T> CompletableFuture<T> run(ConsumerKey key, Call<T> call, boolean commits) {
        return inTurn(
                key,
                turn -> sessions.signer()
                        .thenCompose(
                                signer -> attempt(key, call, turn, signer, new Attempts(clock.millis(), commits, 0))));
    }

    /**
     * The answer to a read has been sent: its records do not come again. Does not wait for its turn, for whoever has that may wait for
     * this. Another gateway that took the instance on meanwhile, and waited in vain, has the last word.
     */
    void answered(ConsumerKey key, GroupCursor read) {
        CompletableFuture<Void> noted = new CompletableFuture<>();
        notes.put(key, noted);
        sessions.signer()
                .thenCompose(signer -> log.find(key, signer).thenCompose(entry -> {
                    ConsumerState state = entry == null ? null : entry.state();
                    return entry == null || state == null || state.unanswered() == null || !read.equals(state.cursor())
                            ? CompletableFuture.completedFuture(-1L)
                            : log.write(key, entry.offset(), state.answered(), signer);
                }))
                .whenComplete((offset, error) -> {
                    notes.remove(key, noted);
                    noted.complete(null);
                    if (error != null) {
                        logger.atInfo()
                                .setCause(error)
                                .addKeyValue("groupId", key.group())
                                .addKeyValue("instance", key.name())
                                .log("That a read was answered could not be noted; its records come again");
                    }
                });
    }

    private <T> CompletableFuture<T> inTurn(ConsumerKey key, Function<Turn, CompletableFuture<T>> call) {
        Turn mine = new Turn();
        Turn before = turns.put(key, mine);
        CompletableFuture<Void> start;
        if (before == null) {
            start = CompletableFuture.completedFuture(null);
        } else {
            start = before.over;
            hurry(before);
        }
        return start.thenCompose(x -> call.apply(mine)).whenComplete((answer, error) -> {
            turns.remove(key, mine);
            mine.over.complete(null);
        });
    }

    /** A read that waits for records ends; one that is only about to wait, a moment later. */
    private void hurry(Turn before) {
        if (before.over.isDone()) {
            return;
        }
        GroupCursor waiting = before.waitsFor;
        if (waiting != null) {
            sessions.hurry(waiting);
        }
        timer.newTimeout(t -> hurry(before), HURRY_MS, TimeUnit.MILLISECONDS);
    }

    /** How often a call was tried, since when, and whether it says that the records of the last read were dealt with. */
    private record Attempts(long sinceMs, boolean commits, int overtaken) {
        Attempts next() {
            return new Attempts(sinceMs, commits, overtaken + 1);
        }
    }

    private <T> CompletableFuture<T> attempt(
            ConsumerKey key, Call<T> call, Turn turn, CursorSigner signer, Attempts attempts) {
        return log.find(key, signer).thenCompose(entry -> {
            ConsumerState state = entry == null ? null : entry.state();
            if (entry == null || state == null || !isAlive(entry)) {
                throw ConsumerException.noInstance(key);
            }
            if (state.unanswered() != null) {
                return settle(key, entry.offset(), state, signer, attempts)
                        .thenCompose(x -> attempt(key, call, turn, signer, attempts));
            }
            turn.waitsFor = state.cursor();
            return call.apply(state)
                    .thenCompose(step -> store(key, entry.offset(), state, step.state(), signer)
                            .thenCompose(stored -> {
                                if (stored && step instanceof Done<T> done) {
                                    return CompletableFuture.completedFuture(done.answer());
                                }
                                if (attempts.overtaken() == ATTEMPTS_MAX) {
                                    throw new ConsumerException(
                                            ConsumerException.ILLEGAL_STATE,
                                            "the instance is in use elsewhere at the same time; let one client use it at a time");
                                }
                                return attempt(key, call, turn, signer, attempts.next());
                            }));
        });
    }

    /** Waits a little for the gateway that served the last read to say that it was answered; then its records come again. */
    private CompletableFuture<Void> settle(
            ConsumerKey key, long offset, ConsumerState state, CursorSigner signer, Attempts attempts) {
        CompletableFuture<Void> noted = notes.get(key);
        if (noted != null) {
            return noted;
        }
        if (clock.millis() - attempts.sinceMs() < UNANSWERED_MS) {
            CompletableFuture<Void> due = new CompletableFuture<>();
            timer.newTimeout(t -> due.complete(null), UNANSWERED_RETRY_MS, TimeUnit.MILLISECONDS);
            return due;
        }
        return log.write(key, offset, state.rolledBack(), signer).thenApply(written -> {
            if (written >= 0 && attempts.commits()) {
                // A commit would speak of records that may never have come.
                throw ConsumerException.unanswered();
            }
            return null;
        });
    }

    /** Whether it was written, or needed not to be. */
    private CompletableFuture<Boolean> store(
            ConsumerKey key, long base, ConsumerState before, @Nullable ConsumerState after, CursorSigner signer) {
        if (after == null) {
            return log.write(key, base, null, signer).thenApply(offset -> true);
        }
        long now = clock.millis();
        if (after.equals(before) && now - before.usedMs() < properties.touchMs()) {
            return CompletableFuture.completedFuture(true);
        }
        return log.write(key, base, after.usedAt(now), signer).thenApply(offset -> offset >= 0);
    }

    /** Deletes instances that have not been used for too long. Whichever gateway comes first does it. */
    void sweep() {
        long now = clock.millis();
        log.forEach(now, (key, entry) -> {
            if (entry.state() != null && !isAlive(entry)) {
                // What this gateway knows may be old.
                sessions.signer()
                        .thenCompose(signer -> log.find(key, signer)
                                .thenCompose(last -> last == null || isAlive(last)
                                        ? CompletableFuture.completedFuture(true)
                                        : expire(key, last, signer)))
                        .whenComplete((done, error) -> {
                            if (error != null) {
                                logger.atInfo()
                                        .setCause(error)
                                        .addKeyValue("groupId", key.group())
                                        .addKeyValue("instance", key.name())
                                        .log("An unused consumer instance could not be deleted; tried again later");
                            }
                        });
            }
        });
    }

    private CompletableFuture<Boolean> expire(ConsumerKey key, ConsumerPartition.Entry last, CursorSigner signer) {
        ConsumerState state = last.state();
        GroupCursor cursor = state == null ? null : state.cursor();
        CompletableFuture<Void> left =
                cursor == null ? CompletableFuture.completedFuture(null) : sessions.leave(cursor);
        return left.handle((x, error) -> null)
                .thenCompose(x -> log.write(key, last.offset(), null, signer))
                .thenApply(offset -> true);
    }
}
