package io.naru.gateway.topic;

import io.naru.gateway.fake.FakeBroker;
import io.naru.protocol.server.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** CreateTopics, DeleteTopics and DescribeConfigs for a {@link FakeBroker}. */
final class FakeAdmin {

    /** Above this the cluster's policy says no. */
    static final int PARTITIONS_MAX = 100;

    private static final int PARTITIONS_DEFAULT = 2;

    private final FakeBroker broker;
    private final Map<String, Map<String, String>> configs = new ConcurrentHashMap<>();
    private final AtomicInteger notController = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicInteger creations = new AtomicInteger();

    FakeAdmin(FakeBroker broker) {
        this.broker = broker;
        broker.with(ApiKeys.CREATE_TOPICS, CreateTopicsRequestData.class, this::create);
        broker.with(ApiKeys.DELETE_TOPICS, DeleteTopicsRequestData.class, this::delete);
        broker.with(ApiKeys.DESCRIBE_CONFIGS, DescribeConfigsRequestData.class, this::describe);
    }

    /** The next calls find that this is not the controller. */
    void notController(int times) {
        notController.set(times);
    }

    /** The next creation happens and its answer is lost. */
    void loseAnswer() {
        lost.set(1);
    }

    /** CreateTopics requests that got as far as the controller. */
    int creations() {
        return creations.get();
    }

    private boolean refused() {
        return notController.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    }

    private CompletionStage<ApiMessage> create(CreateTopicsRequestData request, RequestContext context) {
        CreateTopicsResponseData answer = new CreateTopicsResponseData();
        boolean refused = refused();
        for (CreatableTopic topic : request.topics()) {
            answer.topics()
                    .add(
                            refused
                                    ? new CreatableTopicResult()
                                            .setName(topic.name())
                                            .setErrorCode(Errors.NOT_CONTROLLER.code())
                                    : create(topic));
        }
        return lost.getAndSet(0) > 0
                ? CompletableFuture.failedFuture(new IllegalStateException("scripted: answer lost"))
                : CompletableFuture.completedFuture(answer);
    }

    private CreatableTopicResult create(CreatableTopic topic) {
        creations.incrementAndGet();
        CreatableTopicResult result = new CreatableTopicResult().setName(topic.name());
        if (broker.topicNames().contains(topic.name())) {
            return result.setErrorCode(Errors.TOPIC_ALREADY_EXISTS.code()).setErrorMessage("it exists");
        }
        if (topic.numPartitions() > PARTITIONS_MAX) {
            return result.setErrorCode(Errors.POLICY_VIOLATION.code()).setErrorMessage("too many partitions");
        }
        int partitions = topic.numPartitions() == -1 ? PARTITIONS_DEFAULT : topic.numPartitions();
        Map<String, String> set = new TreeMap<>(Map.of("cleanup.policy", "delete"));
        topic.configs().forEach(c -> set.put(c.name(), c.value()));
        configs.put(topic.name(), set);
        broker.topic(topic.name(), partitions);
        return result.setTopicId(broker.topicId(topic.name())).setNumPartitions(partitions);
    }

    private CompletionStage<ApiMessage> delete(DeleteTopicsRequestData request, RequestContext context) {
        DeleteTopicsResponseData answer = new DeleteTopicsResponseData();
        boolean refused = refused();
        for (DeleteTopicState topic : request.topics()) {
            DeletableTopicResult result = new DeletableTopicResult().setName(topic.name());
            if (refused) {
                result.setErrorCode(Errors.NOT_CONTROLLER.code());
            } else if (broker.topicNames().contains(topic.name())) {
                broker.deleteTopic(topic.name());
            } else {
                result.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
            }
            answer.responses().add(result);
        }
        return CompletableFuture.completedFuture(answer);
    }

    private CompletionStage<ApiMessage> describe(DescribeConfigsRequestData request, RequestContext context) {
        List<DescribeConfigsResult> results = new ArrayList<>();
        for (DescribeConfigsResource resource : request.resources()) {
            DescribeConfigsResult result = new DescribeConfigsResult()
                    .setResourceType(resource.resourceType())
                    .setResourceName(resource.resourceName());
            Map<String, String> set = configs.get(resource.resourceName());
            if (set == null) {
                result.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
            } else {
                set.forEach((name, value) -> {
                    if (resource.configurationKeys() == null
                            || resource.configurationKeys().contains(name)) {
                        result.configs()
                                .add(new DescribeConfigsResourceResult()
                                        .setName(name)
                                        .setValue(value));
                    }
                });
            }
            results.add(result);
        }
        return CompletableFuture.completedFuture(new DescribeConfigsResponseData().setResults(results));
    }
}
