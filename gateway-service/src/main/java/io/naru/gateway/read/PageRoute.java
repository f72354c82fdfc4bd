package io.naru.gateway.read;

import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.PathPartition;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.http.Route;
import io.naru.protocol.client.TopicMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;

/** {@code GET /v1/topics/{t}/partitions/{p}/records}: a page of one partition, by offset, by time, or its end. */
public final class PageRoute implements Route {

    private static final int TOPIC_SEGMENT = 2;
    private static final int PARTITION_SEGMENT = 4;

    private final ReadServices services;

    /** A route. */
    public PageRoute(ReadServices services) {
        this.services = services;
    }

    @Override
    public void handle(Exchange exchange) {
        TopicPartition partition = partition(exchange);
        PageRequest request = PageRequest.of(exchange, partition, services);
        exchange.suspend();
        services.reads().topic(partition.topic()).whenComplete((topic, error) -> {
            if (error != null) {
                exchange.fail(error);
            } else if (partition.partition() >= topic.partitions().size()) {
                exchange.fail(noSuchPartition(topic, partition.partition()));
            } else {
                new Page(exchange, request, services).begin();
            }
        });
    }

    /** The partition that a path names. */
    static TopicPartition partition(Exchange exchange) {
        String topic = exchange.segment(TOPIC_SEGMENT);
        if (!Topic.isValid(topic)) {
            throw new InvalidTopicException(topic);
        }
        return new TopicPartition(topic, PathPartition.of(exchange, PARTITION_SEGMENT));
    }

    static Problem noSuchPartition(TopicMetadata topic, int partition) {
        return Problem.of(
                ProblemKind.NO_SUCH_PARTITION,
                "topic " + topic.name() + " has no partition " + partition + "; it has 0 to "
                        + (topic.partitions().size() - 1));
    }
}
