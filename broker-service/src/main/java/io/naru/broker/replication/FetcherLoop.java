package io.naru.broker.replication;

import io.naru.broker.partition.Partition;
import io.naru.cluster.Endpoint;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one {@link ReplicaFetcher} going: fetch, store, fetch again; pause when there is nothing to do. Thread-safe. Its lock is held while
 * an answer is stored, so {@link #follow} may wait for the disk.
 */
final class FetcherLoop {

    private static final Logger log = LoggerFactory.getLogger(FetcherLoop.class);

    private static final long PAUSE_MS_LEAST = 50;

    private final Endpoint endpoint;
    private final long leaderBrokerEpoch;
    private final ReplicaFetcher fetcher;
    private final ReplicationRuntime runtime;
    private boolean fetching;
    private boolean closed;
    private long pauseNumber;

    FetcherLoop(ReplicaFetcher fetcher, Endpoint endpoint, long leaderBrokerEpoch, ReplicationRuntime runtime) {
        this.fetcher = fetcher;
        this.endpoint = endpoint;
        this.leaderBrokerEpoch = leaderBrokerEpoch;
        this.runtime = runtime;
    }

    /** Whether it fetches from that listener in that life of its broker. */
    boolean isOf(Endpoint other, long brokerEpoch) {
        return endpoint.equals(other) && leaderBrokerEpoch == brokerEpoch;
    }

    synchronized void follow(List<Partition> partitions) {
        fetcher.follow(partitions);
        if (!fetching) {
            goOn();
        }
    }

    /** Under the lock, with no request under way. */
    private void goOn() {
        fetching = false;
        if (closed) {
            return;
        }
        long nowMs = runtime.nowMs();
        Optional<FetchRequestData> next = fetcher.next(runtime.brokerEpoch(), nowMs);
        if (next.isPresent()) {
            fetching = true;
            runtime.fetch(endpoint, next.get())
                    .whenComplete((answer, error) -> runtime.later(0, () -> answered(answer, error)));
            return;
        }
        long pauseMs = fetcher.pauseMs(nowMs);
        if (pauseMs >= 0) {
            long number = ++pauseNumber;
            // At least a little, for it may be the registration that is missing.
            runtime.later(Math.max(pauseMs, PAUSE_MS_LEAST), () -> pauseOver(number));
        }
    }

    private synchronized void pauseOver(long number) {
        if (!fetching && number == pauseNumber) {
            goOn();
        }
    }

    private synchronized void answered(@Nullable FetchResponseData answer, @Nullable Throwable error) {
        if (closed) {
            return;
        }
        try {
            if (answer == null) {
                fetcher.failed(error == null ? new IllegalStateException("no answer") : error, runtime.nowMs());
            } else {
                fetcher.answered(answer, runtime.nowMs(), runtime.wallClockMs());
            }
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("Following failed in a way nobody foresaw; it is tried again");
            fetcher.failed(e, runtime.nowMs());
        }
        goOn();
    }

    synchronized long lagMax() {
        return fetcher.lagMax();
    }

    synchronized long damaged() {
        return fetcher.damaged();
    }

    /** Does nothing more; what is being stored now is stored when this returns. */
    synchronized void close() {
        closed = true;
        runtime.disconnect(endpoint);
    }
}
