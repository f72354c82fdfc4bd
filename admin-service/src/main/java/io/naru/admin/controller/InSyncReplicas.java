package io.naru.admin.controller;

import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.control.AlterPartitions;
import io.naru.cluster.control.AlterPartitions.AlterPartition;
import io.naru.cluster.control.AlterPartitions.IsrMember;
import io.naru.cluster.control.AlteredPartitions;
import io.naru.cluster.control.AlteredPartitions.AlteredPartition;
import io.naru.cluster.control.ReplicaName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Decides on one AlterPartition request (KIP-497): each partition is compared and set on its own, with the error codes that
 * {@link AlteredPartition} lists. Whoever is to join must be alive and in the registration in which it caught up (KIP-903).
 */
final class InSyncReplicas {

    private final ClusterImage image;
    private final LiveReplicas live;
    private final int leaderId;
    private final Map<String, TopicImage> topicsById = new HashMap<>();
    private final Set<ReplicaName> named = new HashSet<>();
    private final List<Change> changes = new ArrayList<>();

    private InSyncReplicas(ClusterImage image, LiveReplicas live, int leaderId) {
        this.image = image;
        this.live = live;
        this.leaderId = leaderId;
        image.topics().values().forEach(topic -> topicsById.put(topic.topicId(), topic));
    }

    static Step<AlteredPartitions> alter(ClusterImage image, LiveReplicas live, AlterPartitions request) {
        InSyncReplicas decision = new InSyncReplicas(image, live, request.brokerId());
        List<Errors> errors = request.partitions().stream().map(decision::alter).toList();
        return new Step<>(decision.changes, next -> decision.answer(request, errors, next.image()));
    }

    private Errors alter(AlterPartition wanted) {
        TopicImage topic = topicsById.get(wanted.replica().topicId());
        if (topic == null) {
            return Errors.UNKNOWN_TOPIC_ID;
        }
        PartitionImage partition = partition(topic, wanted.replica().partition());
        if (partition == null) {
            return Errors.UNKNOWN_TOPIC_OR_PARTITION;
        }
        Errors error = problem(wanted, topic, partition);
        if (error != Errors.NONE) {
            return error;
        }
        TopicPolicy policy = TopicPolicy.of(topic, image);
        PartitionImage next = new PartitionEdit(partition)
                .isr(ids(wanted), partition.minInSyncReplicas(policy.minInSyncReplicas()))
                .done();
        if (!next.equals(partition)) {
            changes.add(new Change.PartitionChanged(topic.name(), next));
        }
        return Errors.NONE;
    }

    private Errors problem(AlterPartition wanted, TopicImage topic, PartitionImage partition) {
        if (!named.add(wanted.replica())) {
            return Errors.INVALID_REQUEST;
        }
        if (wanted.leaderEpoch() > partition.leaderEpoch() || wanted.partitionEpoch() > partition.partitionEpoch()) {
            return Errors.NOT_CONTROLLER;
        }
        if (wanted.leaderEpoch() < partition.leaderEpoch()) {
            return Errors.FENCED_LEADER_EPOCH;
        }
        if (partition.leader() != leaderId) {
            return Errors.INVALID_REQUEST;
        }
        if (wanted.partitionEpoch() < partition.partitionEpoch()) {
            return Errors.INVALID_UPDATE_VERSION;
        }
        Set<Integer> isr = ids(wanted);
        if (isr.size() != wanted.isr().size()
                || !isr.contains(leaderId)
                || !partition.replicas().containsAll(isr)) {
            return Errors.INVALID_REQUEST;
        }
        LiveReplicas.Of replicas = live.of(topic, partition.partition());
        return wanted.isr().stream().allMatch(member -> mayJoin(member, replicas))
                ? Errors.NONE
                : Errors.INELIGIBLE_REPLICA;
    }

    /** The leader itself need not join: it leads, and its broker epoch is that of the request. */
    private boolean mayJoin(IsrMember member, LiveReplicas.Of replicas) {
        if (member.brokerId() == leaderId) {
            return true;
        }
        BrokerImage broker = image.brokers().get(member.brokerId());
        return broker != null && broker.epoch() == member.brokerEpoch() && replicas.alive(member.brokerId());
    }

    private static Set<Integer> ids(AlterPartition wanted) {
        Set<Integer> ids = new LinkedHashSet<>();
        wanted.isr().forEach(member -> ids.add(member.brokerId()));
        return ids;
    }

    private AlteredPartitions answer(AlterPartitions request, List<Errors> errors, ClusterImage next) {
        List<AlteredPartition> answers = new ArrayList<>();
        for (int i = 0; i < errors.size(); i++) {
            answers.add(new AlteredPartition(
                    errors.get(i).code(),
                    stateIn(next, request.partitions().get(i).replica())));
        }
        return new AlteredPartitions(answers, next.version());
    }

    private @Nullable PartitionImage stateIn(ClusterImage next, ReplicaName replica) {
        TopicImage topic = topicsById.get(replica.topicId());
        return topic == null
                ? null
                : partition(Objects.requireNonNull(next.topics().get(topic.name())), replica.partition());
    }

    private static @Nullable PartitionImage partition(TopicImage topic, int partition) {
        return partition >= 0 && partition < topic.partitions().size()
                ? topic.partitions().get(partition)
                : null;
    }
}
