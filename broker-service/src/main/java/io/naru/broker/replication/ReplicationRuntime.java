package io.naru.broker.replication;

import io.naru.cluster.Endpoint;
import io.naru.cluster.control.AlterPartitions;
import io.naru.cluster.control.AlteredPartitions;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;

/** The world as replication sees it: two clocks, somewhere to run, a network. A simulation has its own. */
public interface ReplicationRuntime {

    /** A clock that only goes forward, ms. */
    long nowMs();

    /** The time of day, ms since 1970. */
    long wallClockMs();

    /** Runs {@code task} after {@code delayMs}, on a thread that may wait for a disk. Failures are the task's own affair. */
    void later(long delayMs, Runnable task);

    /** This broker's registration, or −1 while it has none. */
    long brokerEpoch();

    /**
     * Fetches from a leader.
     *
     * @return completes on any thread; fails when there is no answer
     */
    CompletableFuture<FetchResponseData> fetch(Endpoint leader, FetchRequestData request);

    /** Lets go of the connection to a leader; fetches under way fail. */
    void disconnect(Endpoint leader);

    /** Asks the controller to change in-sync replicas; completes on any thread. */
    CompletableFuture<AlteredPartitions> alterPartitions(AlterPartitions request);
}
