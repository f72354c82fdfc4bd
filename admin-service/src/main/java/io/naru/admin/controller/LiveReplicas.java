package io.naru.admin.controller;

import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.control.ReplicaName;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which replicas are alive: on a broker that is neither fenced nor shutting down, in a data directory that works. */
final class LiveReplicas {

    private final BrokerReports reports;
    private final Set<Integer> unfenced = new HashSet<>();
    private final Set<Integer> staying = new HashSet<>();

    LiveReplicas(ClusterImage image, BrokerReports reports) {
        this.reports = reports;
        for (BrokerImage broker : image.brokers().values()) {
            if (!broker.fenced()) {
                unfenced.add(broker.id());
                if (!reports.isShuttingDown(broker.id())) {
                    staying.add(broker.id());
                }
            }
        }
    }

    /** The brokers on which replicas can be placed. */
    Set<Integer> hosts() {
        return Set.copyOf(staying);
    }

    /** The same for the replicas of one partition. */
    Of of(TopicImage topic, int partition) {
        return new Of(topic, partition);
    }

    /** The replicas of one partition. */
    final class Of {

        private final TopicImage topic;
        private final int partition;

        private Of(TopicImage topic, int partition) {
            this.topic = topic;
            this.partition = partition;
        }

        /** Whether the broker's replica may lead, and be in sync. */
        boolean alive(int brokerId) {
            return staying.contains(brokerId) && online(brokerId);
        }

        /** Whether it may go on leading while there is nobody else: a broker that shuts down serves until it has stopped. */
        boolean serves(int brokerId) {
            return unfenced.contains(brokerId) && online(brokerId);
        }

        /** Those of {@code brokerIds} that are alive, in their order. */
        List<Integer> alive(List<Integer> brokerIds) {
            return allAlive(brokerIds)
                    ? brokerIds
                    : brokerIds.stream().filter(this::alive).toList();
        }

        boolean allAlive(List<Integer> brokerIds) {
            for (int i = 0; i < brokerIds.size(); i++) {
                if (!alive(brokerIds.get(i))) {
                    return false;
                }
            }
            return true;
        }

        /**
         * Who of {@code alive} is to lead: the first of {@code order}, or {@link PartitionImage#NO_LEADER} when there is none. Those come
         * before others whom this controller has heard: of the others it does not know yet which replicas are offline.
         */
        int toLead(List<Integer> order, List<Integer> alive) {
            List<Integer> inOrder = order.stream().filter(alive::contains).toList();
            return inOrder.stream()
                    .filter(reports::isHeard)
                    .findFirst()
                    .orElseGet(() -> inOrder.stream().findFirst().orElse(PartitionImage.NO_LEADER));
        }

        private boolean online(int brokerId) {
            return !reports.anyOffline() || !reports.isOffline(brokerId, new ReplicaName(topic.topicId(), partition));
        }
    }
}
