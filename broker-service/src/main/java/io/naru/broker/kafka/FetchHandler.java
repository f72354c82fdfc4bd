package io.naru.broker.kafka;

import io.naru.broker.kafka.FetchSessions.Begun;
import io.naru.broker.log.EpochEnd;
import io.naru.broker.log.LogOffsetOutOfRangeException;
import io.naru.broker.partition.FetchPosition;
import io.naru.broker.partition.FollowerId;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.PartitionRead;
import io.naru.broker.partition.PartitionTable;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import io.netty.util.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.StaleBrokerEpochException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * Fetch, versions 4–17: 5 adds the log start offset, 7 fetch sessions (KIP-227), 9 the current leader epoch (KIP-320), 12 flexible
 * fields and diverging epochs (KIP-595), 13 topic ids (KIP-516), 15 replica state (KIP-903), 16 node endpoints (KIP-951), 17 directory ids.
 *
 * <p>Clients read what is committed. A follower reads to the end of the log, if it is what the image says: its offsets are what the high
 * watermark is made of. A fetch that finds less than it asked for waits as a {@link WaitingFetch} until a partition moves or its
 * time is over.
 */
final class FetchHandler implements RequestHandler<FetchRequestData> {

    private static final int BYTES_MAX = 55 * 1024 * 1024;
    private static final int WAIT_MS_MAX = 60_000;

    private final PartitionTable partitions;
    private final FetchSessions sessions;
    private final CurrentLeaders leaders;
    private final LongSupplier nowMs;
    private final Executor workers;
    private final Timer timer;

    /** @param nowMs a clock that only goes forward */
    FetchHandler(
            PartitionTable partitions,
            FetchSessions sessions,
            CurrentLeaders leaders,
            LongSupplier nowMs,
            Executor workers,
            Timer timer) {
        this.partitions = partitions;
        this.sessions = sessions;
        this.leaders = leaders;
        this.nowMs = nowMs;
        this.workers = workers;
        this.timer = timer;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.FETCH;
    }

    @Override
    public short versionMax() {
        return 17;
    }

    @Override
    public CompletionStage<ApiMessage> handle(FetchRequestData request, RequestContext context) {
        if (request.maxBytes() < 0 || request.minBytes() < 0 || request.maxWaitMs() < 0) {
            return refused(Errors.INVALID_REQUEST);
        }
        FollowerId follower = follower(request);
        try {
            if (follower != null) {
                partitions.checkFollower(follower);
            }
        } catch (StaleBrokerEpochException e) {
            return refused(Errors.STALE_BROKER_EPOCH);
        }
        Begun begun = sessions.begin(request, nowMs.getAsLong());
        if (begun.error() != Errors.NONE) {
            return refused(begun.error());
        }
        Fetch fetch = new Fetch(request, follower, begun);
        Found first = fetch.look(true);
        if (first.enough()) {
            return CompletableFuture.completedFuture(fetch.answer(first));
        }
        WaitingFetch<Found> waiting = new WaitingFetch<>(fetch.held(), follower != null, workers);
        return waiting.start(() -> fetch.look(false), Found::enough, timer, Math.min(request.maxWaitMs(), WAIT_MS_MAX))
                .thenApply(fetch::answer);
    }

    private static CompletionStage<ApiMessage> refused(Errors error) {
        return CompletableFuture.completedFuture(new FetchResponseData().setErrorCode(error.code()));
    }

    private static @Nullable FollowerId follower(FetchRequestData request) {
        int inState = request.replicaState().replicaId();
        if (inState >= 0) {
            return new FollowerId(inState, request.replicaState().replicaEpoch());
        }
        return request.replicaId() >= 0 ? new FollowerId(request.replicaId(), -1) : null;
    }

    /**
     * What one pass over the partitions found.
     *
     * @param answers        one for each partition
     * @param throttledBytes how much of it counts against the quota of throttled replicas
     * @param enough         whether the client must hear of it now
     */
    private record Found(List<PartitionData> answers, int throttledBytes, boolean enough) {}

    private record Read(PartitionData answer, boolean throttled) {}

    /** One fetch, of a client or of a follower. */
    private final class Fetch {

        private final FetchRequestData request;
        private final @Nullable FollowerId follower;
        private final Begun begun;

        Fetch(FetchRequestData request, @Nullable FollowerId follower, Begun begun) {
            this.request = request;
            this.follower = follower;
            this.begun = begun;
        }

        Found look(boolean firstLook) {
            int left = Math.min(request.maxBytes(), BYTES_MAX);
            int bytes = 0;
            int throttledBytes = 0;
            boolean urgent = request.maxWaitMs() == 0 || begun.partitions().isEmpty();
            List<PartitionData> answers = new ArrayList<>(begun.partitions().size());
            for (FetchedPartition fetched : begun.partitions()) {
                Read read = read(fetched, Math.max(0, left), bytes == 0, firstLook);
                PartitionData answer = read.answer();
                int size = answer.records().sizeInBytes();
                throttledBytes += read.throttled() ? size : 0;
                bytes += size;
                left -= size;
                urgent |= answer.errorCode() != Errors.NONE.code()
                        || answer.divergingEpoch().epoch() >= 0;
                answers.add(answer);
            }
            return new Found(answers, throttledBytes, urgent || bytes >= request.minBytes());
        }

        private Read read(FetchedPartition fetched, int left, boolean first, boolean firstLook) {
            FetchPartition wanted = fetched.wanted();
            try {
                Partition partition = partitions.require(fetched.topic(), fetched.topicId(), fetched.partition());
                int maxBytes = Math.min(left, Math.max(0, wanted.partitionMaxBytes()));
                FetchPosition from =
                        new FetchPosition(wanted.fetchOffset(), wanted.currentLeaderEpoch(), wanted.lastFetchedEpoch());
                PartitionRead read = follower == null
                        ? partition.reads().read(from, maxBytes, first)
                        : partition.readAsReplica(follower, from, maxBytes, first, firstLook, nowMs.getAsLong());
                return new Read(found(wanted.partition(), read), read.throttled());
            } catch (RuntimeException e) {
                return new Read(error(fetched, e), false);
            }
        }

        private PartitionData error(FetchedPartition fetched, RuntimeException e) {
            Errors error = KafkaErrors.of(e);
            PartitionData answer = new PartitionData()
                    .setPartitionIndex(fetched.partition())
                    .setErrorCode(error.code())
                    .setHighWatermark(-1)
                    .setLastStableOffset(-1)
                    .setLogStartOffset(-1)
                    .setRecords(MemoryRecords.EMPTY);
            if (e instanceof LogOffsetOutOfRangeException range) {
                // A follower learns here where its leader's log begins and ends.
                answer.setLogStartOffset(range.logStartOffset())
                        .setHighWatermark(
                                follower != null ? range.logEndOffset() : committed(fetched, range.logEndOffset()));
            }
            return answer;
        }

        private long committed(FetchedPartition fetched, long logEndOffset) {
            return partitions
                    .find(fetched.topic(), fetched.topicId(), fetched.partition())
                    .map(p -> Math.min(p.highWatermark(), logEndOffset))
                    .orElse(-1L);
        }

        /** The partitions asked for; one that has gone away meanwhile is found missing by the next look. */
        List<Partition> held() {
            List<Partition> held = new ArrayList<>(begun.partitions().size());
            for (FetchedPartition fetched : begun.partitions()) {
                partitions
                        .find(fetched.topic(), fetched.topicId(), fetched.partition())
                        .ifPresent(held::add);
            }
            return held;
        }

        ApiMessage answer(Found found) {
            partitions.quotas().leader().took(found.throttledBytes(), nowMs.getAsLong());
            FetchSession session = begun.session() != null
                    ? begun.session()
                    : sessions.create(begun, follower != null, nowMs.getAsLong());
            FetchAnswer answer = new FetchAnswer(leaders);
            for (int i = 0; i < found.answers().size(); i++) {
                FetchedPartition fetched = begun.partitions().get(i);
                PartitionData data = found.answers().get(i);
                boolean news = session == null || session.isNews(fetched, data);
                if (news || begun.session() == null) {
                    answer.add(fetched, data);
                }
            }
            return answer.response().setSessionId(session == null ? FetchSessions.NO_SESSION : session.id());
        }
    }

    private static PartitionData found(int index, PartitionRead read) {
        PartitionData answer = new PartitionData()
                .setPartitionIndex(index)
                .setHighWatermark(read.highWatermark())
                .setLastStableOffset(read.highWatermark())
                .setLogStartOffset(read.logStartOffset())
                .setRecords(read.records());
        EpochEnd diverging = read.diverging();
        return diverging == null
                ? answer
                : answer.setDivergingEpoch(
                        new EpochEndOffset().setEpoch(diverging.epoch()).setEndOffset(diverging.endOffset()));
    }
}
