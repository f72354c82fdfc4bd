package io.naru.coordinator.shard;

import io.naru.coordinator.group.GroupShard;
import io.naru.coordinator.group.state.Delivery;
import io.naru.coordinator.group.state.Later;
import io.naru.coordinator.group.state.Outcome;
import io.naru.coordinator.group.state.TopicCatalog;
import io.naru.coordinator.record.CoordinatorRecord;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One shard under one ownership epoch. Everything happens on the shard's thread.
 *
 * <p>State moves as soon as a request runs; its answer, like that of every request which saw that state, waits until the log has the
 * records. What gathers while an append is under way goes with the next one. When the log refuses, the state is worth nothing: all that
 * wait are told to try again, and it is loaded anew.
 *
 * <p>While the log is stuck members cannot be answered, so that time does not count against their sessions.
 */
final class Shard {

    private static final Logger log = LoggerFactory.getLogger(Shard.class);
    /** An append that takes longer holds up sessions. */
    private static final long SLOW_MS = 1_000;
    /** An append that takes longer is no use waiting for: new requests are sent away. */
    private static final long STUCK_MS = 10_000;

    private static final int WAITING_MAX = 10_000;
    private static final String LOADING = "the groups of this shard are being loaded";

    private enum Phase {
        LOADING,
        ACTIVE,
        CLOSED
    }

    /** An answer that waits for the log: a response, or a refusal that the state as it then was gave rise to. */
    private record Waiting<R>(
            CompletableFuture<R> answer,
            @Nullable R response,
            @Nullable ApiException refusal) {
        void complete() {
            if (refusal != null) {
                answer.completeExceptionally(refusal);
            } else {
                answer.complete(response);
            }
        }
    }

    /** Someone who waits for other requests, in the state machine: that is lost with the state. */
    private static final class Patient<R> implements Later<R> {
        private final CompletableFuture<R> answer = new CompletableFuture<>();
    }

    private final int shard;
    private final int epoch;
    private final Executor thread;
    private final Executor reloads;
    private final ShardLog shardLog;
    private final Supplier<GroupShard> fresh;
    private final Clock clock;
    private final BooleanSupplier ownershipCertain;

    private Phase phase = Phase.LOADING;
    private GroupShard groups;
    private TopicCatalog catalog = TopicCatalog.EMPTY;
    private boolean appending;
    private long appendingSinceMs;
    private boolean loadAfterAppend;
    private List<CoordinatorRecord> records = new ArrayList<>();
    private List<Waiting<?>> answers = new ArrayList<>();
    private Set<Patient<?>> patients = new HashSet<>();
    private volatile boolean active;

    /**
     * A shard that is not loaded yet.
     *
     * @param thread  one thread
     * @param reloads runs what it is given after a while, anywhere
     */
    Shard(
            int shard,
            int epoch,
            Executor thread,
            Executor reloads,
            ShardLog shardLog,
            Supplier<GroupShard> fresh,
            Clock clock,
            BooleanSupplier ownershipCertain) {
        this.shard = shard;
        this.epoch = epoch;
        this.thread = thread;
        this.reloads = reloads;
        this.shardLog = shardLog;
        this.fresh = fresh;
        this.clock = clock;
        this.ownershipCertain = ownershipCertain;
        this.groups = fresh.get();
    }

    int epoch() {
        return epoch;
    }

    /** Whether it answers; for health, from any thread. */
    boolean active() {
        return active;
    }

    /** Fences off the predecessor by writing first, then reads all there is. */
    void load() {
        thread.execute(this::loadNow);
    }

    private void loadNow() {
        if (phase == Phase.CLOSED) {
            return;
        }
        phase = Phase.LOADING;
        active = false;
        // Two appends at a time would take the same sequence.
        loadAfterAppend = appending;
        if (appending) {
            return;
        }
        groups = fresh.get();
        GroupShard loading = groups;
        shardLog.append(List.of(CoordinatorRecord.barrier()))
                .thenComposeAsync(written -> shardLog.readAll(loading::replay), thread)
                .whenCompleteAsync(
                        (read, error) -> {
                            if (error == null) {
                                loaded();
                            } else {
                                failed(error);
                            }
                        },
                        thread);
    }

    private void loaded() {
        if (phase == Phase.LOADING) {
            groups.loaded(clock.millis());
            phase = Phase.ACTIVE;
            active = true;
            perform((g, now) -> g.topics(catalog), new CompletableFuture<>());
        }
    }

    /** Takes note of topics that came or went. */
    void topics(TopicCatalog next) {
        thread.execute(() -> {
            catalog = next;
            if (phase == Phase.ACTIVE) {
                perform((g, now) -> g.topics(next), new CompletableFuture<>());
            }
        });
    }

    /** Runs a request; fails with error 14 while loading, 15 while its log is stuck, 16 when not owned any more. */
    <R> CompletableFuture<R> submit(ShardOperation<R> operation) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        thread.execute(() -> {
            if (phase != Phase.ACTIVE) {
                answer.completeExceptionally(unavailable());
            } else if (answers.size() >= WAITING_MAX || appendingForMs() > STUCK_MS) {
                answer.completeExceptionally(
                        new CoordinatorNotAvailableException("the log of shard " + shard + " does not answer"));
            } else {
                perform(operation, answer);
            }
        });
        return answer;
    }

    /** As {@link #submit}, for a request whose answer may depend on later ones. */
    <R> CompletableFuture<R> submitWaiting(WaitingOperation<R> operation) {
        Patient<R> patient = new Patient<>();
        submit((groups, now) -> {
                    Outcome<?> outcome = operation.run(groups, patient, now);
                    patients.add(patient);
                    return outcome;
                })
                .whenComplete((done, refusal) -> {
                    if (refusal != null) {
                        patient.answer.completeExceptionally(refusal);
                    }
                });
        return patient.answer;
    }

    /** Evicts members whose time is up. On the shard's thread, often. */
    void tick() {
        if (phase == Phase.ACTIVE && appendingForMs() <= SLOW_MS && groups.nextDeadlineMs() <= clock.millis()) {
            perform(GroupShard::expire, new CompletableFuture<>());
        }
    }

    private <R> void perform(ShardOperation<R> operation, CompletableFuture<R> answer) {
        List<Waiting<?>> now = new ArrayList<>();
        try {
            Outcome<R> outcome = operation.run(groups, clock.millis());
            records.addAll(outcome.records());
            now.add(new Waiting<>(answer, outcome.response(), null));
            outcome.deliveries().forEach(delivery -> now.add(delivered(delivery)));
        } catch (ApiException refusal) {
            now.add(new Waiting<>(answer, null, refusal));
        } catch (RuntimeException broken) {
            log.atError()
                    .setCause(broken)
                    .addKeyValue("shard", shard)
                    .log("A request broke its shard; loading it anew");
            answer.completeExceptionally(broken);
            reload();
            return;
        }
        if (records.isEmpty() && !appending) {
            if (ownershipCertain.getAsBoolean()) {
                now.forEach(Waiting::complete);
                return;
            }
            // Nobody has confirmed lately that this coordinator still owns the shard: let the broker say so.
            records.add(CoordinatorRecord.barrier());
        }
        answers.addAll(now);
        flush();
    }

    /** Only this class makes addresses, so whoever is there is one of its own. */
    @SuppressWarnings("unchecked")
    private <R> Waiting<R> delivered(Delivery<R> delivery) {
        Patient<R> patient = (Patient<R>) delivery.to();
        patients.remove(patient);
        return new Waiting<>(patient.answer, delivery.response(), null);
    }

    private void flush() {
        if (appending || answers.isEmpty()) {
            return;
        }
        List<Waiting<?>> told = answers;
        List<CoordinatorRecord> batch = records;
        answers = new ArrayList<>();
        records = new ArrayList<>();
        if (batch.isEmpty()) {
            told.forEach(Waiting::complete);
            return;
        }
        appending = true;
        appendingSinceMs = clock.millis();
        shardLog.append(batch).whenCompleteAsync((appended, error) -> appended(told, error), thread);
    }

    private long appendingForMs() {
        return appending ? clock.millis() - appendingSinceMs : 0;
    }

    private void appended(List<Waiting<?>> told, @Nullable Throwable error) {
        long tookMs = appendingForMs();
        appending = false;
        if (error == null) {
            told.forEach(Waiting::complete);
        }
        if (loadAfterAppend) {
            loadNow();
        } else if (error != null) {
            failed(error);
        } else if (phase == Phase.ACTIVE) {
            if (tookMs > SLOW_MS) {
                groups.postpone(tookMs);
            }
            flush();
        }
        if (error != null) {
            refuse(told);
        }
    }

    private void failed(Throwable error) {
        Throwable cause = error.getCause() == null ? error : error.getCause();
        if (cause instanceof ShardFencedException) {
            log.atInfo()
                    .addKeyValue("shard", shard)
                    .addKeyValue("epoch", epoch)
                    .addKeyValue("reason", cause.getMessage())
                    .log("Another coordinator owns the shard");
            closeNow();
            return;
        }
        if (phase != Phase.CLOSED) {
            log.atWarn().setCause(cause).addKeyValue("shard", shard).log("The shard's log refused; loading it anew");
            reload();
        }
    }

    private void reload() {
        phase = Phase.LOADING;
        active = false;
        refuseWaiting();
        reloads.execute(this::load);
    }

    /** The shard is someone else's now, or this process stops. */
    CompletableFuture<Void> close() {
        return CompletableFuture.runAsync(this::closeNow, thread);
    }

    private void closeNow() {
        phase = Phase.CLOSED;
        active = false;
        shardLog.close();
        refuseWaiting();
    }

    private void refuseWaiting() {
        List<Waiting<?>> refused = answers;
        answers = new ArrayList<>();
        records = new ArrayList<>();
        refuse(refused);
        Set<Patient<?>> lost = patients;
        patients = new HashSet<>();
        lost.forEach(patient -> patient.answer.completeExceptionally(unavailable()));
    }

    private void refuse(List<Waiting<?>> refused) {
        refused.forEach(waiting -> waiting.answer().completeExceptionally(unavailable()));
    }

    private ApiException unavailable() {
        return phase == Phase.CLOSED
                ? new NotCoordinatorException("this coordinator does not own shard " + shard)
                : new CoordinatorLoadInProgressException(LOADING);
    }
}
