package io.naru.broker.kafka;

import io.naru.broker.partition.PartitionTable;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.Endpoint;
import io.naru.cluster.PartitionImage;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Who leads a partition that a client looked for here in vain, so that it need not ask (KIP-951). */
final class CurrentLeaders {

    private final int brokerId;
    private final PartitionTable partitions;
    private final Supplier<ClusterImage> image;

    CurrentLeaders(int brokerId, PartitionTable partitions, Supplier<ClusterImage> image) {
        this.brokerId = brokerId;
        this.partitions = partitions;
        this.image = image;
    }

    /** A leader and where it listens. */
    record Leader(
            int id, int epoch, Endpoint endpoint, @Nullable String rack) {}

    /** The leader to tell along with {@code errorCode}; empty for other errors, and when it is not another broker that lives. */
    Optional<Leader> afterError(short errorCode, String topic, Uuid topicId, int partition) {
        if (errorCode != Errors.NOT_LEADER_OR_FOLLOWER.code() && errorCode != Errors.FENCED_LEADER_EPOCH.code()) {
            return Optional.empty();
        }
        ClusterImage now = image.get();
        Optional<String> name = Uuid.ZERO_UUID.equals(topicId) ? Optional.of(topic) : partitions.nameOf(topicId);
        return name.flatMap(known -> now.partition(known, partition)).flatMap(found -> leader(now, found));
    }

    private Optional<Leader> leader(ClusterImage now, PartitionImage found) {
        BrokerImage broker = now.brokers().get(found.leader());
        return broker == null || broker.fenced() || broker.id() == brokerId
                ? Optional.empty()
                : Optional.of(new Leader(broker.id(), found.leaderEpoch(), broker.kafka(), broker.rack()));
    }
}
