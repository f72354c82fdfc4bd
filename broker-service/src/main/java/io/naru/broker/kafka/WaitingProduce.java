package io.naru.broker.kafka;

import io.naru.broker.log.LogAppend;
import io.naru.broker.partition.Partition;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;

/**
 * A produce with acks=all that waits until what it appended is committed, in every partition. Nothing polls: the partitions tell. How many
 * there may be is bounded by the requests that a connection may have open. The first verdict on a partition stands.
 */
final class WaitingProduce {

    private final List<Appended> appended = new ArrayList<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    /** What was appended to one partition, and the answer that says so if all goes well. */
    private static final class Appended {
        private final Partition partition;
        private final long nextOffset;
        private final int leaderEpoch;
        private final PartitionProduceResponse answer;
        private boolean settled;

        Appended(Partition partition, long nextOffset, int leaderEpoch, PartitionProduceResponse answer) {
            this.partition = partition;
            this.nextOffset = nextOffset;
            this.leaderEpoch = leaderEpoch;
            this.answer = answer;
        }
    }

    /** Waits for this, too. */
    void add(Partition partition, LogAppend append, int leaderEpoch, PartitionProduceResponse answer) {
        appended.add(new Appended(partition, append.nextOffset(), leaderEpoch, answer));
    }

    /** Completes when every answer is final: as it was, or an error in its place. */
    CompletableFuture<Void> start(Timer timer, long timeoutMs) {
        List<Runnable> stops = new ArrayList<>(appended.size());
        for (Appended one : appended) {
            stops.add(one.partition.whenCommitted(one.nextOffset, one.leaderEpoch, error -> settle(one, error)));
        }
        if (!done.isDone()) {
            Timeout timeout = timer.newTimeout(t -> timedOut(), timeoutMs, TimeUnit.MILLISECONDS);
            done.whenComplete((nothing, error) -> {
                timeout.cancel();
                stops.forEach(Runnable::run);
            });
        }
        return done;
    }

    private void timedOut() {
        appended.forEach(one ->
                settle(one, one.partition.isCutOff() ? Errors.NOT_LEADER_OR_FOLLOWER : Errors.REQUEST_TIMED_OUT));
    }

    private void settle(Appended one, Errors verdict) {
        boolean last;
        synchronized (appended) {
            if (one.settled) {
                return;
            }
            one.settled = true;
            if (verdict != Errors.NONE) {
                ProduceHandler.fail(one.answer, verdict, why(one, verdict));
            }
            last = appended.stream().allMatch(other -> other.settled);
        }
        if (last) {
            done.complete(null);
        }
    }

    private static String why(Appended one, Errors verdict) {
        return one.partition.name() + " took the records, but "
                + switch (verdict) {
                    case REQUEST_TIMED_OUT -> "they were not on all in-sync replicas in time";
                    case NOT_ENOUGH_REPLICAS_AFTER_APPEND -> "too few replicas are in sync now";
                    default -> "this broker does not lead it any more, or cannot know whether it does";
                };
    }
}
