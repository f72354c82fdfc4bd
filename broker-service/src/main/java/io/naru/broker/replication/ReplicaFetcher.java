package io.naru.broker.replication;

import io.naru.broker.log.EpochEnd;
import io.naru.broker.partition.FetchPosition;
import io.naru.broker.partition.FollowerLog;
import io.naru.broker.partition.FollowerLog.LeaderAnswer;
import io.naru.broker.partition.Partition;
import io.naru.broker.replication.FollowerSession.SessionKey;
import io.naru.broker.replication.FollowerSession.Wanted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.ReplicaState;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows all partitions that one broker leads: says what to fetch next, and puts into the logs what came. Not thread-safe; one request at a
 * time.
 *
 * <p>A partition whose answer cannot be used is left alone for a while, and the others go on. Truncation goes by epochs only: the leader
 * compares the epoch of the last record here with its own log, and says where they part.
 */
final class ReplicaFetcher {

    private static final Logger log = LoggerFactory.getLogger(ReplicaFetcher.class);

    private final FetchSettings settings;
    private final int leader;
    private final Map<SessionKey, Followed> partitions = new LinkedHashMap<>();
    private final FollowerSession session = new FollowerSession();
    private final Backoff backoff = new Backoff();
    private long damaged;

    ReplicaFetcher(FetchSettings settings, int leader) {
        this.settings = settings;
        this.leader = leader;
    }

    private static final class Followed {
        private final Partition partition;
        private final FollowerLog log;
        private final int leaderEpoch;
        private final Backoff backoff = new Backoff();
        private long askedOffset;
        private long lag;

        Followed(Partition partition, int leaderEpoch) {
            this.partition = partition;
            this.log = partition.asFollower();
            this.leaderEpoch = leaderEpoch;
        }

        /** Ms until it may be fetched again: after a failure, or because its replication is throttled. */
        long pauseMs(long nowMs) {
            return Math.max(backoff.leftMs(nowMs), partition.throttle().fetchPauseMs(nowMs));
        }
    }

    /** Follows these from now on, each in its present epoch, and no others. One that was followed in that epoch goes on as before. */
    void follow(List<Partition> wanted) {
        Map<SessionKey, Followed> before = new LinkedHashMap<>(partitions);
        partitions.clear();
        for (Partition partition : wanted) {
            SessionKey key = key(partition);
            Followed known = before.get(key);
            boolean same =
                    known != null && known.partition == partition && known.leaderEpoch == partition.leaderEpoch();
            partitions.put(key, known != null && same ? known : new Followed(partition, partition.leaderEpoch()));
        }
    }

    private static SessionKey key(Partition partition) {
        return new SessionKey(partition.topicId(), partition.name().partition());
    }

    /** The next request; empty when there is nothing to fetch now. */
    Optional<FetchRequestData> next(long brokerEpoch, long nowMs) {
        if (brokerEpoch < 0 || backoff.leftMs(nowMs) > 0) {
            return Optional.empty();
        }
        List<Wanted> wanted = new ArrayList<>();
        for (Followed followed : partitions.values()) {
            if (followed.pauseMs(nowMs) == 0 && !followed.partition.offline()) {
                wanted.add(wanted(followed));
            }
        }
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        FetchRequestData request = new FetchRequestData()
                .setReplicaState(
                        new ReplicaState().setReplicaId(settings.brokerId()).setReplicaEpoch(brokerEpoch))
                .setMaxWaitMs(settings.waitMsMax())
                .setMinBytes(1)
                .setMaxBytes(settings.responseBytesMax());
        session.fill(request, wanted);
        return Optional.of(request);
    }

    private Wanted wanted(Followed followed) {
        FetchPosition from = followed.log.position(followed.leaderEpoch);
        followed.askedOffset = from.offset();
        TopicPartition name = followed.partition.name();
        return new Wanted(
                name.topic(),
                followed.partition.topicId(),
                new FetchPartition()
                        .setPartition(name.partition())
                        .setFetchOffset(from.offset())
                        .setCurrentLeaderEpoch(from.leaderEpoch())
                        .setLastFetchedEpoch(from.lastFetchedEpoch())
                        .setLogStartOffset(followed.partition.log().logStartOffset())
                        .setPartitionMaxBytes(settings.partitionBytesMax()));
    }

    /** Ms until {@link #next} may have something to fetch, if nothing changes before; −1 for never. */
    long pauseMs(long nowMs) {
        long least = -1;
        for (Followed followed : partitions.values()) {
            long left = followed.pauseMs(nowMs);
            if (!followed.partition.offline() && (least < 0 || left < least)) {
                least = left;
            }
        }
        return least < 0 ? -1 : Math.max(least, backoff.leftMs(nowMs));
    }

    /** The leader did not answer. */
    void failed(Throwable cause, long nowMs) {
        session.reset();
        backoff.failed(nowMs);
        log.atDebug()
                .addKeyValue("leader", leader)
                .addKeyValue("cause", cause.toString())
                .log("Cannot fetch from the leader");
    }

    /** The leader answered. Waits for the disk. */
    void answered(FetchResponseData response, long nowMs, long wallClockMs) {
        Errors error = Errors.forCode(response.errorCode());
        if (error != Errors.NONE) {
            session.reset();
            if (error != Errors.FETCH_SESSION_ID_NOT_FOUND) {
                backoff.failed(nowMs);
            }
            return;
        }
        backoff.succeeded();
        session.answered(response);
        for (FetchableTopicResponse topic : response.responses()) {
            for (PartitionData answer : topic.partitions()) {
                SessionKey key = new SessionKey(topic.topicId(), answer.partitionIndex());
                Followed followed = partitions.get(key);
                if (followed != null) {
                    take(followed, answer, nowMs, wallClockMs);
                    if (answer.records() != null && answer.records().sizeInBytes() > 0) {
                        partitions.remove(key); // others first the next time
                        partitions.put(key, followed);
                    }
                }
            }
        }
    }

    private void take(Followed followed, PartitionData answer, long nowMs, long wallClockMs) {
        try {
            Errors error = Errors.forCode(answer.errorCode());
            switch (error) {
                case NONE -> {
                    followed.partition.throttle().fetched(recordsOf(answer).sizeInBytes(), nowMs);
                    store(followed, answer, wallClockMs);
                    followed.backoff.succeeded();
                }
                case OFFSET_OUT_OF_RANGE -> outOfRange(followed, answer, nowMs);
                default -> refused(followed, error, nowMs);
            }
        } catch (ApiException e) {
            followed.backoff.failed(nowMs);
            damaged += Errors.forException(e) == Errors.CORRUPT_MESSAGE ? 1 : 0;
            log.atError()
                    .setCause(e)
                    .addKeyValue("topic", followed.partition.name().topic())
                    .addKeyValue("partition", followed.partition.name().partition())
                    .addKeyValue("leader", leader)
                    .addKeyValue("offset", followed.askedOffset)
                    .log("What the leader sent cannot be stored; it is tried again");
        }
    }

    private void store(Followed followed, PartitionData answer, long wallClockMs) {
        EpochEnd diverging = diverging(answer);
        if (diverging != null) {
            long before = followed.partition.log().logEndOffset();
            followed.log.truncate(followed.leaderEpoch, diverging);
            log.atInfo()
                    .addKeyValue("topic", followed.partition.name().topic())
                    .addKeyValue("partition", followed.partition.name().partition())
                    .addKeyValue("leaderEpoch", followed.leaderEpoch)
                    .addKeyValue("from", before)
                    .addKeyValue("to", followed.partition.log().logEndOffset())
                    .log("Truncated where the leader's log goes another way");
            return;
        }
        followed.log.append(
                followed.leaderEpoch,
                followed.askedOffset,
                new LeaderAnswer(recordsOf(answer), answer.highWatermark(), answer.logStartOffset()),
                wallClockMs);
        followed.lag =
                Math.max(0, answer.highWatermark() - followed.partition.log().logEndOffset());
    }

    private static MemoryRecords recordsOf(PartitionData answer) {
        return answer.records() instanceof MemoryRecords some ? some : MemoryRecords.EMPTY;
    }

    private static @Nullable EpochEnd diverging(PartitionData answer) {
        return answer.divergingEpoch().epoch() < 0
                ? null
                : new EpochEnd(
                        answer.divergingEpoch().epoch(), answer.divergingEpoch().endOffset());
    }

    /** The answer of an offset out of range says where the leader's log starts, and as high watermark where it ends. */
    private void outOfRange(Followed followed, PartitionData answer, long nowMs) {
        long end = followed.partition.log().logEndOffset();
        long leaderStart = answer.logStartOffset();
        long leaderEnd = answer.highWatermark();
        log.atWarn()
                .addKeyValue("topic", followed.partition.name().topic())
                .addKeyValue("partition", followed.partition.name().partition())
                .addKeyValue("offset", followed.askedOffset)
                .addKeyValue("leaderLogStartOffset", leaderStart)
                .addKeyValue("leaderLogEndOffset", leaderEnd)
                .log("The leader's log does not have the offset that comes next here");
        if (end == followed.askedOffset && leaderStart > end) {
            followed.log.restartAt(followed.leaderEpoch, leaderStart);
        } else if (end == followed.askedOffset && leaderEnd >= 0 && leaderEnd < end) {
            followed.log.truncateTo(followed.leaderEpoch, leaderEnd);
        } else {
            followed.backoff.failed(nowMs);
        }
    }

    /** Leader or epoch are others than this broker believes, or the leader's disk failed: the next image will tell. */
    private void refused(Followed followed, Errors error, long nowMs) {
        followed.backoff.failed(nowMs);
        log.atDebug()
                .addKeyValue("topic", followed.partition.name().topic())
                .addKeyValue("partition", followed.partition.name().partition())
                .addKeyValue("leader", leader)
                .addKeyValue("leaderEpoch", followed.leaderEpoch)
                .addKeyValue("errorCode", error.code())
                .log("The leader refused a fetch");
    }

    /** Records that the slowest of its partitions is behind what is committed. */
    long lagMax() {
        return partitions.values().stream().mapToLong(f -> f.lag).max().orElse(0);
    }

    /** Answers that could not be stored because a batch was damaged. */
    long damaged() {
        return damaged;
    }
}
