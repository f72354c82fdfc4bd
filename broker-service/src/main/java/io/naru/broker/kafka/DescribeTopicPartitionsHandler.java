package io.naru.broker.kafka;

import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** DescribeTopicPartitions, version 0 (KIP-966): topics in order of their names, in pages of partitions, with ELRs. */
final class DescribeTopicPartitionsHandler implements RequestHandler<DescribeTopicPartitionsRequestData> {

    /** Most partitions of a page: Kafka's {@code max.request.partition.size.limit}. */
    private static final int PARTITIONS_MAX = 2_000;

    private final Supplier<ClusterImage> image;

    DescribeTopicPartitionsHandler(Supplier<ClusterImage> image) {
        this.image = image;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DESCRIBE_TOPIC_PARTITIONS;
    }

    @Override
    public CompletionStage<ApiMessage> handle(DescribeTopicPartitionsRequestData request, RequestContext context) {
        ClusterImage now = image.get();
        boolean all = request.topics().isEmpty();
        SortedSet<String> names = new TreeSet<>();
        if (all) {
            names.addAll(now.topics().keySet());
        } else {
            request.topics().forEach(topic -> names.add(topic.name()));
        }
        String firstTopic = "";
        int firstPartition = 0;
        if (request.cursor() != null) {
            firstTopic = request.cursor().topicName();
            firstPartition = request.cursor().partitionIndex();
            if (firstPartition < 0) {
                throw new InvalidRequestException("the cursor's partition index is " + firstPartition);
            }
        }
        Page page = new Page(now, Math.min(Math.max(1, request.responsePartitionLimit()), PARTITIONS_MAX));
        for (String name : names.tailSet(firstTopic)) {
            TopicImage topic = now.topics().get(name);
            if (topic == null) {
                page.missing(name);
            } else if (!page.add(topic, name.equals(firstTopic) ? firstPartition : 0)) {
                break;
            }
        }
        return CompletableFuture.completedFuture(page.answer);
    }

    /** An answer in the making. */
    private static final class Page {

        private final DescribeTopicPartitionsResponseData answer = new DescribeTopicPartitionsResponseData();
        private final ClusterImage now;
        private int left;

        Page(ClusterImage now, int limit) {
            this.now = now;
            this.left = limit;
        }

        void missing(String name) {
            answer.topics()
                    .add(new DescribeTopicPartitionsResponseTopic()
                            .setName(name)
                            .setErrorCode(error(name).code()));
        }

        private static Errors error(String name) {
            try {
                Topic.validate(name);
                return Errors.UNKNOWN_TOPIC_OR_PARTITION;
            } catch (InvalidTopicException invalid) {
                return Errors.INVALID_TOPIC_EXCEPTION;
            }
        }

        /** Adds the topic's partitions from {@code first} on; false when the page is full. */
        boolean add(TopicImage topic, int first) {
            if (left == 0) {
                answer.setNextCursor(new Cursor().setTopicName(topic.name()).setPartitionIndex(0));
                return false;
            }
            DescribeTopicPartitionsResponseTopic described = new DescribeTopicPartitionsResponseTopic()
                    .setName(topic.name())
                    .setTopicId(Uuid.fromString(topic.topicId()))
                    .setIsInternal(topic.internal());
            answer.topics().add(described);
            for (int index = first; index < topic.partitions().size(); index++) {
                if (left == 0) {
                    answer.setNextCursor(new Cursor().setTopicName(topic.name()).setPartitionIndex(index));
                    return false;
                }
                described.partitions().add(partition(topic.partitions().get(index)));
                left--;
            }
            return true;
        }

        private DescribeTopicPartitionsResponsePartition partition(PartitionImage partition) {
            return new DescribeTopicPartitionsResponsePartition()
                    .setPartitionIndex(partition.partition())
                    .setErrorCode(
                            partition.leader() == PartitionImage.NO_LEADER
                                    ? Errors.LEADER_NOT_AVAILABLE.code()
                                    : Errors.NONE.code())
                    .setLeaderId(partition.leader())
                    .setLeaderEpoch(partition.leaderEpoch())
                    .setReplicaNodes(partition.replicas())
                    .setIsrNodes(partition.isr())
                    .setEligibleLeaderReplicas(partition.elr())
                    .setLastKnownElr(List.of())
                    .setOfflineReplicas(
                            partition.replicas().stream().filter(this::offline).toList());
        }

        private boolean offline(int brokerId) {
            BrokerImage broker = now.brokers().get(brokerId);
            return broker == null || broker.fenced();
        }
    }
}
