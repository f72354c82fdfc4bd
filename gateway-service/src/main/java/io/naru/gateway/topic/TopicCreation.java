package io.naru.gateway.topic;

import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.http.ProblemKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Makes sure that a topic exists as asked. What is there already is compared, never changed. */
final class TopicCreation {

    private static final long LEADERS_WAIT_MS = 5_000;

    private final TopicCalls calls;

    TopicCreation(TopicCalls calls) {
        this.calls = calls;
    }

    /**
     * How it ended.
     *
     * @param created whether it was this call that created it
     * @param topic   the topic as it is now
     * @param offsets by partition; empty when the topic's leaders are not there yet
     */
    record Ensured(boolean created, TopicDescription topic, Map<Integer, PartitionOffsets> offsets) {}

    /** Creates it, or finds it as asked; fails with 409 when it is there and different. */
    CompletableFuture<Ensured> ensure(String name, TopicSpec spec) {
        return calls.create(name, spec).thenCompose(result -> {
            Errors error = Errors.forCode(result.errorCode());
            return switch (error) {
                case NONE -> created(name, result);
                case TOPIC_ALREADY_EXISTS -> compare(name, spec);
                default ->
                    CompletableFuture.failedFuture(
                            error.exception(result.errorMessage() == null ? error.message() : result.errorMessage()));
            };
        });
    }

    /** The controller has it; waits until a broker can tell who leads it, so that the caller can write at once. */
    private CompletableFuture<Ensured> created(String name, CreatableTopicResult result) {
        return calls.await(name, LEADERS_WAIT_MS, (topic, error) -> topic != null && topic.isLed())
                .thenCompose(topic -> topic == null
                        ? CompletableFuture.completedFuture(new Ensured(true, told(name, result), Map.of()))
                        : calls.awaitOffsets(topic, LEADERS_WAIT_MS)
                                .thenApply(offsets -> new Ensured(true, topic, offsets)));
    }

    /** What is known of a topic that no broker has heard of yet. */
    private static TopicDescription told(String name, CreatableTopicResult result) {
        return new TopicDescription(
                name,
                result.topicId(),
                false,
                IntStream.range(0, Math.max(0, result.numPartitions()))
                        .mapToObj(p -> new TopicDescription.Partition(p, -1, List.of(), List.of()))
                        .toList(),
                Map.of());
    }

    private CompletableFuture<Ensured> compare(String name, TopicSpec spec) {
        return calls.describeWithOffsets(name).thenCompose(found -> {
            TopicDescription topic = found.topic();
            List<String> differences = new ArrayList<>();
            int partitions = topic.partitions().size();
            if (spec.partitions() > 0 && spec.partitions() != partitions) {
                differences.add("it has " + partitions + " partitions, not " + spec.partitions());
            }
            int replicas = topic.replicationFactor();
            if (spec.replicationFactor() > 0 && spec.replicationFactor() != replicas) {
                differences.add("its replication factor is " + replicas + ", not " + spec.replicationFactor());
            }
            CompletableFuture<Map<String, @Nullable String>> configs =
                    spec.configs().isEmpty()
                            ? CompletableFuture.completedFuture(Map.of())
                            : calls.configs(name, List.copyOf(spec.configs().keySet()));
            return configs.thenApply(set -> {
                spec.configs().forEach((key, value) -> {
                    if (!value.equals(set.get(key))) {
                        differences.add("its " + key + " is " + set.get(key) + ", not " + value);
                    }
                });
                if (!differences.isEmpty()) {
                    throw differs(name, differences, partitions);
                }
                return new Ensured(false, topic, found.offsets());
            });
        });
    }

    private static ProblemException differs(String name, List<String> differences, int partitions) {
        return Problem.of(
                        ProblemKind.EXISTS,
                        "topic " + name + " exists and is different: " + String.join("; ", differences)
                                + ". This call does not change topics")
                .with("partitions", partitions)
                .exception();
    }
}
