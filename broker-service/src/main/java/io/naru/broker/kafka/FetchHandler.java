package io.naru.broker.kafka;

import io.naru.broker.log.LogOffsetOutOfRangeException;
import io.naru.broker.log.LogRead;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.PartitionTable;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import io.netty.util.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * Fetch, versions 4–17: 5 adds the log start offset, 7 fetch sessions (KIP-227), 9 the current leader epoch (KIP-320), 12 flexible
 * fields, 13 topic ids (KIP-516), 15 replica state (KIP-903), 16 node endpoints, 17 directory ids. Sessions are not kept: every answer
 * says session 0, which tells the client to send whole requests. Replicas are not served yet.
 *
 * <p>A fetch that finds less than it asked for waits as a {@link WaitingFetch} until a partition moves or its time is over.
 */
final class FetchHandler implements RequestHandler<FetchRequestData> {

    private static final int NOT_A_REPLICA = -1;
    private static final int BYTES_MAX = 55 * 1024 * 1024;
    private static final int WAIT_MS_MAX = 60_000;

    private final PartitionTable partitions;
    private final Executor workers;
    private final Timer timer;

    FetchHandler(PartitionTable partitions, Executor workers, Timer timer) {
        this.partitions = partitions;
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
        Errors refusal = check(request);
        if (refusal != Errors.NONE) {
            return CompletableFuture.completedFuture(new FetchResponseData().setErrorCode(refusal.code()));
        }
        Collected first = collect(request);
        if (first.enough(request)) {
            return CompletableFuture.completedFuture(first.response());
        }
        WaitingFetch waiting =
                new WaitingFetch(partitionsOf(request), () -> collect(request), c -> c.enough(request), workers);
        return waiting.start(timer, Math.min(request.maxWaitMs(), WAIT_MS_MAX)).thenApply(Collected::response);
    }

    private static Errors check(FetchRequestData request) {
        if (request.maxBytes() < 0 || request.minBytes() < 0 || request.maxWaitMs() < 0) {
            return Errors.INVALID_REQUEST;
        }
        // Epoch 0 begins a session and -1 ends one; anything else continues one, and none is kept here.
        return request.sessionEpoch() > 0 ? Errors.FETCH_SESSION_ID_NOT_FOUND : Errors.NONE;
    }

    /**
     * What one pass over the partitions found.
     *
     * @param response what to answer
     * @param bytes    record bytes in it
     * @param urgent   whether a partition failed, so that the client must hear at once
     */
    record Collected(FetchResponseData response, int bytes, boolean urgent) {

        boolean enough(FetchRequestData request) {
            return urgent
                    || bytes >= request.minBytes()
                    || request.maxWaitMs() == 0
                    || response.responses().isEmpty();
        }
    }

    private Collected collect(FetchRequestData request) {
        int replicaId =
                request.replicaState().replicaId() >= 0 ? request.replicaState().replicaId() : request.replicaId();
        int left = Math.min(request.maxBytes(), BYTES_MAX);
        int bytes = 0;
        boolean urgent = false;
        List<FetchableTopicResponse> topics = new ArrayList<>(request.topics().size());
        for (FetchTopic topic : request.topics()) {
            List<PartitionData> answers = new ArrayList<>(topic.partitions().size());
            for (FetchPartition wanted : topic.partitions()) {
                PartitionData answer = replicaId > NOT_A_REPLICA
                        ? error(wanted, new NotLeaderOrFollowerException("replicas are not served"))
                        : read(topic, wanted, Math.max(0, left), bytes == 0);
                int size = answer.records().sizeInBytes();
                bytes += size;
                left -= size;
                urgent |= answer.errorCode() != Errors.NONE.code();
                answers.add(answer);
            }
            topics.add(new FetchableTopicResponse()
                    .setTopic(topic.topic())
                    .setTopicId(topic.topicId())
                    .setPartitions(answers));
        }
        return new Collected(new FetchResponseData().setResponses(topics), bytes, urgent);
    }

    private PartitionData read(FetchTopic topic, FetchPartition wanted, int left, boolean first) {
        try {
            Partition partition = partitions.require(topic.topic(), topic.topicId(), wanted.partition());
            int maxBytes = Math.min(left, Math.max(0, wanted.partitionMaxBytes()));
            LogRead read = partition.read(wanted.fetchOffset(), maxBytes, first, wanted.currentLeaderEpoch());
            long highWatermark = partition.highWatermark();
            return new PartitionData()
                    .setPartitionIndex(wanted.partition())
                    .setHighWatermark(highWatermark)
                    .setLastStableOffset(highWatermark)
                    .setLogStartOffset(read.logStartOffset())
                    .setRecords(read.records());
        } catch (RuntimeException e) {
            return error(wanted, e);
        }
    }

    private static PartitionData error(FetchPartition wanted, Exception e) {
        boolean outOfRange = e instanceof LogOffsetOutOfRangeException;
        return new PartitionData()
                .setPartitionIndex(wanted.partition())
                .setErrorCode(KafkaErrors.of(e).code())
                .setHighWatermark(outOfRange ? ((LogOffsetOutOfRangeException) e).logEndOffset() : -1)
                .setLastStableOffset(-1)
                .setLogStartOffset(outOfRange ? ((LogOffsetOutOfRangeException) e).logStartOffset() : -1)
                .setRecords(MemoryRecords.EMPTY);
    }

    /** The partitions asked for; one that has gone away meanwhile is found missing by the next look. */
    private List<Partition> partitionsOf(FetchRequestData request) {
        List<Partition> found = new ArrayList<>();
        for (FetchTopic topic : request.topics()) {
            for (FetchPartition wanted : topic.partitions()) {
                partitions
                        .find(topic.topic(), topic.topicId(), wanted.partition())
                        .ifPresent(found::add);
            }
        }
        return found;
    }
}
