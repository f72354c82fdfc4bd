package io.naru.gateway.read;

import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.MediaTypes;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.http.Query;
import io.naru.gateway.http.Route;
import io.naru.gateway.http.Timestamps;
import io.naru.protocol.client.TopicMetadata;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;

/**
 * {@code GET /v1/topics/{t}/records}: all partitions as one stream, from somewhere to the ends seen on arrival, or on and on
 * ({@code follow=true}). Order holds within a partition.
 */
public final class TopicReadRoute implements Route {

    private static final int TOPIC_SEGMENT = 2;

    private final ReadServices services;

    /** A route. */
    public TopicReadRoute(ReadServices services) {
        this.services = services;
    }

    @Override
    public void handle(Exchange exchange) {
        String name = exchange.segment(TOPIC_SEGMENT);
        if (!Topic.isValid(name)) {
            throw new InvalidTopicException(name);
        }
        Query query = exchange.query().allow("from", "follow", "limit", "isolation", "key_format", "value_format");
        boolean follow = query.flag("follow");
        boolean events = MediaTypes.choose(
                        exchange.request(), List.of(MediaTypes.NDJSON, MediaTypes.SSE, MediaTypes.JSON))
                .equals(MediaTypes.SSE);
        String last = events ? exchange.request().getHeader("Last-Event-ID") : null;
        String given = query.text("from");
        String from =
                last != null && !last.isBlank() ? last.strip() : given != null ? given : follow ? "latest" : "earliest";
        TopicStream.Options options = new TopicStream.Options(
                follow,
                events,
                query.number("limit", Long.MAX_VALUE, 1, Long.MAX_VALUE),
                query.oneOf("isolation", Isolation.READ_UNCOMMITTED),
                RecordFormats.of(query));
        Long time = time(from);
        exchange.suspend();
        services.reads()
                .topic(name)
                .thenCompose(topic -> start(topic, from, time, options.isolation())
                        .thenCombine(
                                ends(topic, options.isolation()),
                                (starts, ends) -> new TopicStream(exchange, topic, starts, ends, options, services)))
                .whenCompleteAsync(
                        (stream, error) -> {
                            if (error != null) {
                                exchange.fail(error);
                                return;
                            }
                            try {
                                stream.begin();
                            } catch (RuntimeException e) {
                                exchange.fail(e);
                            }
                        },
                        services.workers());
    }

    private static Long time(String from) {
        if (from.equals("earliest")) {
            return PartitionReads.EARLIEST;
        }
        if (from.equals("latest")) {
            return PartitionReads.LATEST;
        }
        if (StreamPositions.looksLikePositions(from)) {
            return PartitionReads.EARLIEST;
        }
        Long time = Timestamps.parse(from);
        if (time == null) {
            throw Problem.of(
                            ProblemKind.BAD_PARAMETER,
                            "parameter \"from\" must be earliest, latest, a time (milliseconds or like "
                                    + "2026-01-31T12:00:00Z) or a position like 0:17,1:4")
                    .exception();
        }
        return time;
    }

    private CompletableFuture<Map<TopicPartition, Long>> start(
            TopicMetadata topic, String from, long time, Isolation isolation) {
        CompletableFuture<Map<TopicPartition, Long>> starts = services.reads().offsets(all(topic, time), isolation);
        if (StreamPositions.looksLikePositions(from)) {
            Map<Integer, Long> given =
                    StreamPositions.parse(from, topic.partitions().size());
            return starts.thenApply(found -> {
                given.forEach((partition, offset) -> found.put(new TopicPartition(topic.name(), partition), offset));
                return found;
            });
        }
        return starts;
    }

    private CompletableFuture<Map<TopicPartition, Long>> ends(TopicMetadata topic, Isolation isolation) {
        return services.reads().offsets(all(topic, PartitionReads.LATEST), isolation);
    }

    private static Map<TopicPartition, Long> all(TopicMetadata topic, long time) {
        Map<TopicPartition, Long> times = new HashMap<>();
        topic.partitions().forEach(p -> times.put(new TopicPartition(topic.name(), p.partition()), time));
        return times;
    }
}
