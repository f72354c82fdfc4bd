package io.naru.broker.replication;

import io.naru.broker.log.DamagedRange;
import io.naru.broker.log.batch.BatchHeader;
import io.naru.broker.log.batch.FollowerBatches;
import io.naru.broker.partition.Partition;
import io.naru.cluster.Endpoint;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.OffsetNotAvailableException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ReplicaState;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * Gets the batches of one range of offsets from another replica, in as many fetches as it takes. A follower asks its leader as any client
 * does, so that what it asks for is not taken for where it stands; a leader asks a follower in its own name.
 */
final class RepairFetch {

    private static final int FETCH_BYTES = 1 << 20;

    /** A damaged length may take a whole segment with it; more than this at a time is not held in memory. */
    private static final int BYTES_MAX = 128 << 20;

    private static final int CONSUMER = -1;
    private static final int NO_SESSION = -1;

    private final int brokerId;
    private final Partition partition;
    private final DamagedRange range;
    private final ReplicationRuntime runtime;
    private final ByteArrayOutputStream got = new ByteArrayOutputStream();
    private long next;

    RepairFetch(int brokerId, Partition partition, DamagedRange range, ReplicationRuntime runtime) {
        this.brokerId = brokerId;
        this.partition = partition;
        this.range = range;
        this.runtime = runtime;
        this.next = range.firstOffset();
    }

    /** All of it; fails when the other does not have it or cannot say so. */
    CompletableFuture<MemoryRecords> from(Endpoint other) {
        return runtime.fetch(other, request()).thenCompose(answer -> {
            take(answer);
            return next < range.endOffset()
                    ? from(other)
                    : CompletableFuture.completedFuture(
                            MemoryRecords.readableRecords(ByteBuffer.wrap(got.toByteArray())));
        });
    }

    private FetchRequestData request() {
        boolean leads = partition.isLeader();
        return new FetchRequestData()
                .setReplicaState(
                        leads
                                ? new ReplicaState().setReplicaId(brokerId).setReplicaEpoch(runtime.brokerEpoch())
                                : new ReplicaState().setReplicaId(CONSUMER))
                .setMaxWaitMs(0)
                .setMaxBytes(FETCH_BYTES)
                .setSessionEpoch(NO_SESSION)
                .setTopics(List.of(new FetchTopic()
                        .setTopic(partition.name().topic())
                        .setTopicId(partition.topicId())
                        .setPartitions(List.of(new FetchPartition()
                                .setPartition(partition.name().partition())
                                .setCurrentLeaderEpoch(partition.leaderEpoch())
                                .setFetchOffset(next)
                                .setPartitionMaxBytes(FETCH_BYTES)))));
    }

    private void take(FetchResponseData answer) {
        Errors.forCode(answer.errorCode()).maybeThrow();
        if (answer.responses().size() != 1
                || answer.responses().get(0).partitions().size() != 1) {
            throw new OffsetNotAvailableException("no answer for " + partition.name());
        }
        PartitionData data = answer.responses().get(0).partitions().get(0);
        Errors.forCode(data.errorCode()).maybeThrow();
        if (!(data.records() instanceof MemoryRecords records)) {
            throw new OffsetNotAvailableException("no records of " + partition.name() + " from offset " + next);
        }
        ByteBuffer batches = FollowerBatches.whole(records.buffer());
        boolean any = false;
        int at = 0;
        while (at < batches.limit() && next < range.endOffset()) {
            int size = (int) BatchHeader.sizeInBytes(batches, at);
            if (BatchHeader.baseOffset(batches, at) >= range.endOffset()) {
                next = range.endOffset(); // compaction has taken what was between
                return;
            }
            if (BatchHeader.lastOffset(batches, at) >= next) {
                byte[] batch = new byte[size];
                batches.get(at, batch);
                got.writeBytes(batch);
                next = BatchHeader.lastOffset(batches, at) + 1;
                any = true;
            }
            at += size;
        }
        if (!any || got.size() > BYTES_MAX) {
            throw new CorruptRecordException("offset " + next + " of " + partition.name() + " is not to be had");
        }
    }
}
