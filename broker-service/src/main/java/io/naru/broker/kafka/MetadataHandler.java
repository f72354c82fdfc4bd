package io.naru.broker.kafka;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.CoordinatorImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBrokerCollection;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopicCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Metadata, versions 0–13: 1 adds all topics by null, 4 auto-creation on request, 7 leader epochs, 10 topic ids (KIP-516), 12 queries
 * by id, 13 a top-level error. Every broker answers for the whole cluster, from its image, and names itself as the controller: admin
 * calls may go to any broker, which relays them.
 */
final class MetadataHandler implements RequestHandler<MetadataRequestData> {

    private final int brokerId;
    private final Supplier<ClusterImage> image;
    private final ControllerRelay relay;
    private final boolean autoCreate;

    /**
     * A handler.
     *
     * @param image      the image to answer from
     * @param autoCreate {@code auto.create.topics.enable}
     */
    MetadataHandler(int brokerId, Supplier<ClusterImage> image, ControllerRelay relay, boolean autoCreate) {
        this.brokerId = brokerId;
        this.image = image;
        this.relay = relay;
        this.autoCreate = autoCreate;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.METADATA;
    }

    @Override
    public CompletionStage<ApiMessage> handle(MetadataRequestData request, RequestContext context) {
        boolean wantsAll = request.topics() == null
                || (context.apiVersion() == 0 && request.topics().isEmpty());
        List<String> toCreate = wantsAll || !autoCreate || !request.allowAutoTopicCreation()
                ? List.of()
                : unknownNames(request.topics());
        if (toCreate.isEmpty()) {
            return CompletableFuture.completedFuture(answer(request, wantsAll, Map.of()));
        }
        return relay.autoCreate(toCreate, context).thenApply(errors -> answer(request, wantsAll, errors));
    }

    private List<String> unknownNames(Collection<MetadataRequestTopic> wanted) {
        ClusterImage now = image.get();
        return wanted.stream()
                .map(MetadataRequestTopic::name)
                .filter(name -> name != null && !name.isEmpty() && !now.topics().containsKey(name))
                .distinct()
                .toList();
    }

    private MetadataResponseData answer(MetadataRequestData request, boolean wantsAll, Map<String, Errors> failed) {
        ClusterImage now = image.get();
        MetadataResponseBrokerCollection brokers = new MetadataResponseBrokerCollection();
        now.liveBrokers()
                .forEach(b -> brokers.add(new MetadataResponseBroker()
                        .setNodeId(b.id())
                        .setHost(b.kafka().host())
                        .setPort(b.kafka().port())
                        .setRack(b.rack())));
        if (!wantsAll && request.topics().isEmpty()) {
            addCoordinators(now, brokers);
        }
        MetadataResponseTopicCollection topics = new MetadataResponseTopicCollection();
        if (wantsAll) {
            now.topics().values().forEach(t -> topics.add(topic(now, t)));
        } else {
            List<MetadataResponseTopic> found = new ArrayList<>(request.topics().size());
            Map<Uuid, TopicImage> byId = new HashMap<>();
            for (MetadataRequestTopic wanted : request.topics()) {
                found.add(find(now, wanted, failed, byId));
            }
            found.forEach(topics::mustAdd);
        }
        return new MetadataResponseData()
                .setBrokers(brokers)
                .setClusterId(now.clusterId())
                .setControllerId(brokerId)
                .setTopics(topics);
    }

    /**
     * A request for no topic is how Kafka's admin client learns of nodes, and it calls only nodes it has learned of: coordinators, too.
     * They relay to brokers what they do not serve themselves, so it may ask any of them anything. Those who ask for topics want brokers.
     */
    private static void addCoordinators(ClusterImage now, MetadataResponseBrokerCollection nodes) {
        for (CoordinatorImage coordinator : now.coordinators().values()) {
            if (coordinator.alive()) {
                nodes.add(new MetadataResponseBroker()
                        .setNodeId(coordinator.nodeId())
                        .setHost(coordinator.kafka().host())
                        .setPort(coordinator.kafka().port()));
            }
        }
    }

    private static MetadataResponseTopic find(
            ClusterImage now, MetadataRequestTopic wanted, Map<String, Errors> failed, Map<Uuid, TopicImage> byId) {
        // Kafka's admin client leaves the name empty when it asks by id.
        if (wanted.name() == null || !Uuid.ZERO_UUID.equals(wanted.topicId())) {
            if (byId.isEmpty()) {
                now.topics().values().forEach(t -> byId.put(Uuid.fromString(t.topicId()), t));
            }
            TopicImage known = byId.get(wanted.topicId());
            return known != null
                    ? topic(now, known)
                    : new MetadataResponseTopic()
                            .setTopicId(wanted.topicId())
                            .setName(null)
                            .setErrorCode(Errors.UNKNOWN_TOPIC_ID.code());
        }
        TopicImage known = now.topics().get(wanted.name());
        return known != null
                ? topic(now, known)
                : new MetadataResponseTopic()
                        .setName(wanted.name())
                        .setErrorCode(missing(wanted.name(), failed.get(wanted.name()))
                                .code());
    }

    private static Errors missing(String name, @Nullable Errors failed) {
        try {
            Topic.validate(name);
        } catch (InvalidTopicException e) {
            return Errors.INVALID_TOPIC_EXCEPTION;
        }
        return failed == null || failed == Errors.TOPIC_ALREADY_EXISTS ? Errors.UNKNOWN_TOPIC_OR_PARTITION : failed;
    }

    private static MetadataResponseTopic topic(ClusterImage now, TopicImage topic) {
        List<MetadataResponsePartition> partitions =
                new ArrayList<>(topic.partitions().size());
        for (PartitionImage partition : topic.partitions()) {
            partitions.add(new MetadataResponsePartition()
                    .setPartitionIndex(partition.partition())
                    .setErrorCode(
                            partition.leader() == PartitionImage.NO_LEADER
                                    ? Errors.LEADER_NOT_AVAILABLE.code()
                                    : Errors.NONE.code())
                    .setLeaderId(partition.leader())
                    .setLeaderEpoch(partition.leaderEpoch())
                    .setReplicaNodes(partition.replicas())
                    .setIsrNodes(partition.isr())
                    .setOfflineReplicas(partition.replicas().stream()
                            .filter(r -> !now.brokers().containsKey(r)
                                    || now.brokers().get(r).fenced())
                            .toList()));
        }
        return new MetadataResponseTopic()
                .setName(topic.name())
                .setTopicId(Uuid.fromString(topic.topicId()))
                .setIsInternal(topic.internal())
                .setPartitions(partitions);
    }
}
