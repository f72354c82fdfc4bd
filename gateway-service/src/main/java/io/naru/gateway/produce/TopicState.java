package io.naru.gateway.produce;

import io.naru.protocol.client.TopicMetadata;
import io.naru.protocol.client.TopicMetadata.PartitionMetadata;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** What writing to a topic needs to know: its partitions, their leaders, and what waits to be sent to each. Thread-safe. */
public final class TopicState {

    private final String name;
    private final PartitionQueue[][] queues = new PartitionQueue[Acks.COUNT][0];
    private final AtomicInteger sticky = new AtomicInteger();
    private volatile TopicMetadata metadata;
    private volatile long refreshedNanos;
    private volatile boolean gone;

    TopicState(TopicMetadata metadata, long now) {
        this.name = metadata.name();
        this.metadata = metadata;
        this.refreshedNanos = now;
    }

    /** The topic's name. */
    public String name() {
        return name;
    }

    /** Number of partitions. */
    public int partitions() {
        return metadata.partitions().size();
    }

    Uuid topicId() {
        return metadata.topicId();
    }

    long refreshedNanos() {
        return refreshedNanos;
    }

    void refreshed(TopicMetadata fresh, long now) {
        metadata = fresh;
        refreshedNanos = now;
        gone = false;
    }

    /** The cluster says that there is no such topic. */
    void markGone() {
        gone = true;
    }

    boolean isGone() {
        return gone;
    }

    /** Node id of the leader, or −1. */
    int leader(int partition) {
        TopicMetadata known = metadata;
        return partition < known.partitions().size()
                ? known.partitions().get(partition).leader()
                : -1;
    }

    /** The partition for records that may go anywhere: the same one until a batch leaves, so that batches grow. */
    int stickyPartition() {
        int count = partitions();
        int partition = Math.floorMod(sticky.get(), count);
        if (leader(partition) >= 0) {
            return partition;
        }
        for (PartitionMetadata candidate : metadata.partitions()) {
            if (candidate.leader() >= 0) {
                return candidate.partition();
            }
        }
        return partition;
    }

    /** A batch of that partition leaves: records that may go anywhere go elsewhere now. */
    void left(int partition) {
        int now = sticky.get();
        if (Math.floorMod(now, partitions()) == partition) {
            sticky.compareAndSet(now, now + 1);
        }
    }

    /** The partition's queue, if it has ever had one. */
    @Nullable
    PartitionQueue queueIfAny(Acks acks, int partition) {
        PartitionQueue[] all = queues[acks.index()];
        return partition < all.length ? all[partition] : null;
    }

    PartitionQueue queue(Acks acks, int partition) {
        PartitionQueue known = queueIfAny(acks, partition);
        return known != null ? known : addQueue(acks, partition);
    }

    private synchronized PartitionQueue addQueue(Acks acks, int partition) {
        PartitionQueue[] all = queues[acks.index()];
        if (partition >= all.length) {
            all = Arrays.copyOf(all, Math.max(partition + 1, partitions()));
        } else if (all[partition] != null) {
            return all[partition];
        } else {
            all = all.clone();
        }
        PartitionQueue added = new PartitionQueue(this, partition, acks);
        all[partition] = added;
        queues[acks.index()] = all;
        return added;
    }
}
