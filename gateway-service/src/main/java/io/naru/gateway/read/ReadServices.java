package io.naru.gateway.read;

import io.naru.gateway.http.LimitsProperties;
import io.naru.gateway.http.MemoryBudget;
import io.netty.util.Timer;
import java.util.concurrent.Executor;

/**
 * What everything that reads needs.
 *
 * @param reads      fetches
 * @param uncommitted waits, for read_uncommitted
 * @param committed  waits, for read_committed
 * @param waiting    counts who waits, and ends all waiting when the gateway stops
 * @param turns      of streams that fetch for themselves
 * @param memory     for answers that are being made or sent
 * @param workers    turn records into JSON
 * @param timer      time limits
 * @param properties of reading
 * @param limits     of requests
 */
public record ReadServices(
        PartitionReads reads,
        TailHub uncommitted,
        TailHub committed,
        Waiting waiting,
        FetchTurns turns,
        MemoryBudget memory,
        Executor workers,
        Timer timer,
        ReadProperties properties,
        LimitsProperties limits) {

    /** The hub that waits with an isolation. */
    public TailHub hub(Isolation isolation) {
        return isolation == Isolation.READ_COMMITTED ? committed : uncommitted;
    }
}
