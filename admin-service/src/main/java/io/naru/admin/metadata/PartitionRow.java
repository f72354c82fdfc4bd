package io.naru.admin.metadata;

import io.naru.cluster.PartitionImage;
import jakarta.persistence.Convert;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.List;

/** A partition of a topic. */
@Entity
@Table(name = "partitions")
class PartitionRow {

    @EmbeddedId
    PartitionKey key = new PartitionKey("", "", -1);

    @Convert(converter = BrokerIdsConverter.class)
    List<Integer> replicas = List.of();

    @Convert(converter = BrokerIdsConverter.class)
    List<Integer> isr = List.of();

    @Convert(converter = BrokerIdsConverter.class)
    List<Integer> elr = List.of();

    @Convert(converter = BrokerIdsConverter.class)
    List<Integer> addingReplicas = List.of();

    @Convert(converter = BrokerIdsConverter.class)
    List<Integer> removingReplicas = List.of();

    int leader;
    int leaderEpoch;
    int partitionEpoch;

    protected PartitionRow() {}

    PartitionRow(String clusterPath, String topic, PartitionImage partition) {
        this.key = new PartitionKey(clusterPath, topic, partition.partition());
        set(partition);
    }

    final void set(PartitionImage partition) {
        replicas = partition.replicas();
        isr = partition.isr();
        elr = partition.elr();
        addingReplicas = partition.adding();
        removingReplicas = partition.removing();
        leader = partition.leader();
        leaderEpoch = partition.leaderEpoch();
        partitionEpoch = partition.partitionEpoch();
    }

    PartitionImage image() {
        return new PartitionImage(
                key.partitionIndex(),
                replicas,
                isr,
                elr,
                addingReplicas,
                removingReplicas,
                leader,
                leaderEpoch,
                partitionEpoch);
    }
}
