package io.naru.gateway.consumer;

import io.naru.gateway.consumer.Consumers.Step;
import io.naru.gateway.cursor.GroupCursor;
import io.naru.gateway.cursor.PartitionPosition;
import io.naru.gateway.cursor.Subscription;
import io.naru.gateway.format.JsonOut;
import io.naru.gateway.group.GroupSessions;
import io.naru.gateway.group.OffsetCommit;
import io.naru.gateway.group.Seek;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.http.ProblemKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What can be asked of an instance. Each answer is whatever came of it; failures are {@link ConsumerException}s and problems. */
final class ConsumerCalls {

    private static final int ASSIGNMENT_WAIT_MS = 3_000;

    private final Consumers consumers;
    private final GroupSessions sessions;
    private final ConsumerProperties properties;

    ConsumerCalls(Consumers consumers) {
        this.consumers = consumers;
        this.sessions = consumers.sessions();
        this.properties = consumers.properties();
    }

    private int sessionTimeoutMs() {
        return (int) properties.instanceTimeout().toMillis();
    }

    CompletableFuture<Void> create(ConsumerKey key, ConsumerState state) {
        return consumers.create(key, state);
    }

    /** Leaves the group; with automatic commits what was read is committed first. */
    CompletableFuture<Boolean> delete(ConsumerKey key) {
        return consumers.run(
                key,
                state -> commitIfAutomatic(state).thenCompose(x -> leave(state)).thenApply(x -> Step.done(null, true)));
    }

    private CompletableFuture<Void> commitIfAutomatic(ConsumerState state) {
        GroupCursor cursor = state.cursor();
        if (!state.autoCommit() || cursor == null) {
            return CompletableFuture.completedFuture(null);
        }
        // Whoever lost a partition meanwhile cannot commit it, and need not.
        return sessions.commit(cursor, null).exceptionally(lost -> null);
    }

    private CompletableFuture<Void> leave(ConsumerState state) {
        GroupCursor cursor = state.cursor();
        if (cursor == null) {
            return CompletableFuture.completedFuture(null);
        }
        return sessions.leave(cursor);
    }

    CompletableFuture<Boolean> subscribe(ConsumerKey key, Subscription wanted) {
        return consumers.run(key, state -> {
            GroupCursor cursor = state.cursor();
            if (cursor == null) {
                // Named before it joins: a try that came to nothing leaves no member behind that nobody polls.
                return CompletableFuture.completedFuture(Step.again(state.with(newcomer(key, state, wanted))));
            }
            if (cursor.subscription().isAssigned()
                    || (cursor.subscription().pattern() == null) != (wanted.pattern() == null)) {
                throw ConsumerException.exclusive();
            }
            return sessions.resubscribe(cursor, wanted).thenApply(next -> Step.done(state.with(next), true));
        });
    }

    private GroupCursor newcomer(ConsumerKey key, ConsumerState state, Subscription wanted) {
        return GroupSessions.newcomer(key.group(), wanted, sessionTimeoutMs(), state.fromEarliest());
    }

    CompletableFuture<Boolean> unsubscribe(ConsumerKey key) {
        return consumers.run(
                key,
                state -> commitIfAutomatic(state)
                        .thenCompose(x -> leave(state))
                        .thenApply(x -> Step.done(state.with(null), true)));
    }

    /** The instance as it is. */
    CompletableFuture<ConsumerState> state(ConsumerKey key) {
        return consumers.run(key, state -> CompletableFuture.completedFuture(Step.done(state, state)));
    }

    CompletableFuture<Boolean> assign(ConsumerKey key, List<TopicPartition> partitions) {
        return consumers.run(key, state -> {
            GroupCursor cursor = state.cursor();
            if (cursor != null && !cursor.subscription().isAssigned()) {
                throw ConsumerException.exclusive();
            }
            CompletableFuture<Void> before = commitIfAutomatic(state).thenCompose(x -> leave(state));
            if (partitions.isEmpty()) {
                return before.thenApply(x -> Step.done(state.with(null), true));
            }
            return before.thenCompose(
                            x -> sessions.assign(key.group(), partitions, sessionTimeoutMs(), state.fromEarliest()))
                    .thenApply(next -> Step.done(state.with(keep(cursor, next)), true));
        });
    }

    /** Partitions that were there before go on where they were. */
    private static GroupCursor keep(@Nullable GroupCursor before, GroupCursor next) {
        if (before == null) {
            return next;
        }
        Map<TopicPartition, PartitionPosition> known = new LinkedHashMap<>();
        before.positions().forEach(position -> known.put(position.partition(), position));
        return with(
                next,
                next.positions().stream()
                        .map(position -> known.getOrDefault(position.partition(), position))
                        .toList());
    }

    private static GroupCursor with(GroupCursor cursor, List<PartitionPosition> positions) {
        return new GroupCursor(
                cursor.group(),
                cursor.memberId(),
                cursor.memberEpoch(),
                cursor.subscription(),
                cursor.sessionTimeoutMs(),
                cursor.fromEarliest(),
                positions);
    }

    /** The partitions that the instance reads; waits a little for those that it is to get. */
    CompletableFuture<List<TopicPartition>> assignment(ConsumerKey key) {
        return consumers.run(key, state -> {
            GroupCursor cursor = state.cursor();
            if (cursor == null) {
                return CompletableFuture.completedFuture(Step.done(state, List.of()));
            }
            return onMember(
                    key,
                    state,
                    cursor,
                    () -> sessions.positions(cursor, List.of(), ASSIGNMENT_WAIT_MS)
                            .thenApply(now -> Step.done(
                                    state.with(now),
                                    now.positions().stream()
                                            .map(PartitionPosition::partition)
                                            .toList())));
        });
    }

    CompletableFuture<Boolean> seek(ConsumerKey key, List<Seek> seeks) {
        return consumers.run(key, state -> {
            GroupCursor cursor = state.cursor();
            if (seeks.isEmpty()) {
                return CompletableFuture.completedFuture(Step.done(state, true));
            }
            if (cursor == null) {
                throw notAssigned(seeks.get(0).partition());
            }
            return onMember(
                            key,
                            state,
                            cursor,
                            () -> sessions.positions(cursor, seeks, ASSIGNMENT_WAIT_MS)
                                    .thenApply(now -> Step.done(state.with(now), true)))
                    .exceptionally(error -> {
                        if (cause(error) instanceof ProblemException known
                                && known.problem().kind() == ProblemKind.ILLEGAL_STATE) {
                            throw notAssigned(seeks.get(0).partition());
                        }
                        throw new CompletionException(cause(error));
                    });
        });
    }

    private ConsumerException notAssigned(TopicPartition partition) {
        return properties.isStrimzi()
                ? new ConsumerException(ConsumerException.NOT_FOUND, "No current assignment for partition " + partition)
                : new ConsumerException(
                        ConsumerException.ILLEGAL_STATE,
                        "Illegal state: No current assignment for partition " + partition);
    }

    /** Records, and the form that they have. */
    record Read(RecordForm form, JsonOut body, int count, GroupCursor cursor) {}

    /** Reads on. An instance whose member was taken out of its group joins anew and goes on from what is committed. */
    CompletableFuture<Read> read(
            ConsumerKey key, @Nullable RecordForm asked, int maxBytes, int waitMs, IntPredicate memory) {
        long begun = System.nanoTime();
        return consumers.run(key, state -> {
            if (asked != null && asked != state.form()) {
                throw new ConsumerException(
                        ConsumerException.FORMAT_MISMATCH,
                        "The requested embedded data format does not match the deserializer for this consumer instance: it has "
                                + state.form().word() + "; accept "
                                + state.form().mediaType());
            }
            GroupCursor cursor = state.cursor();
            if (cursor == null) {
                throw ConsumerException.notSubscribed();
            }
            int wait = waitMs < 0 ? state.requestTimeoutMs() : waitMs;
            ConsumerShape shape = new ConsumerShape(state.form(), properties.isStrimzi());
            return commitIfAutomatic(state)
                    .thenCompose(x -> onMember(
                            key,
                            state,
                            cursor,
                            () -> sessions.poll(cursor, maxBytes, left(begun, wait), shape)
                                    .thenApply(polled -> taken(state, polled, memory))));
        });
    }

    private static Step<Read> taken(ConsumerState state, GroupSessions.Polled polled, IntPredicate memory) {
        if (!memory.test(polled.body().length())) {
            throw Problem.passing(
                            ProblemKind.OVERLOADED,
                            "the gateway makes as many answers as it may (naru.gateway.read.memory); retry")
                    .exception();
        }
        Read read = new Read(state.form(), polled.body().put(']'), polled.count(), polled.cursor());
        return Step.done(polled.count() > 0 ? state.read(polled.cursor()) : state.with(polled.cursor()), read);
    }

    private static int left(long begunNanos, int waitMs) {
        return (int) Math.max(0, waitMs - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos));
    }

    /** Calls the instance's member. If that is out of its group the call is run again with a new one. */
    private <T> CompletableFuture<Step<T>> onMember(
            ConsumerKey key, ConsumerState state, GroupCursor cursor, Supplier<CompletableFuture<Step<T>>> call) {
        return call.get().exceptionallyCompose(error -> {
            if (!GroupSessions.isGone(error)) {
                return CompletableFuture.failedFuture(cause(error));
            }
            return cursor.subscription().isAssigned()
                    ? call.get()
                    : CompletableFuture.completedFuture(
                            Step.again(state.with(newcomer(key, state, cursor.subscription()))));
        });
    }

    /**
     * Commits.
     *
     * @param chosen offsets to commit as they are; null for everything that was read
     */
    CompletableFuture<Boolean> commit(ConsumerKey key, @Nullable Map<TopicPartition, OffsetCommit> chosen) {
        return consumers.run(
                key,
                state -> {
                    GroupCursor cursor = state.cursor();
                    if (cursor == null) {
                        if (chosen == null || chosen.isEmpty()) {
                            return CompletableFuture.completedFuture(Step.done(state, true));
                        }
                        throw ConsumerException.notSubscribed();
                    }
                    return sessions.commit(cursor, chosen).thenApply(x -> Step.done(state, true));
                },
                chosen == null);
    }

    /** The answer to a read has been sent. */
    void answered(ConsumerKey key, Read read) {
        if (read.count() > 0) {
            consumers.answered(key, read.cursor());
        }
    }

    /** What is committed of these partitions; of all when it is null. */
    CompletableFuture<Map<TopicPartition, OffsetCommit>> committed(
            ConsumerKey key, @Nullable List<TopicPartition> partitions) {
        return consumers.run(
                key, state -> sessions.committed(key.group(), partitions).thenApply(found -> Step.done(state, found)));
    }

    static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }
}
