package io.naru.gateway.v2;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.KafkaProblems;
import io.naru.gateway.http.PathPartition;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.http.Route;
import io.naru.gateway.http.Router;
import io.naru.gateway.topic.PartitionOffsets;
import io.naru.gateway.topic.TopicCalls;
import io.naru.gateway.topic.TopicDescription;
import io.naru.gateway.topic.TopicRoutes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.apache.kafka.common.protocol.Errors;

/** {@code GET /brokers}, {@code /topics}, {@code /topics/{t}}, {@code …/partitions}, {@code …/{p}}, {@code …/offsets}. */
public final class MetadataRoutes {

    private static final int TOPIC_SEGMENT = 1;
    private static final int PARTITION_SEGMENT = 3;

    /** This API has two numbers for a topic that is not there: 40401 where records are written, this one where it is looked at. */
    private static final int NO_SUCH_TOPIC = 40403;

    private final TopicCalls calls;
    private final boolean strimzi;

    /** Routes over these calls, as Strimzi's bridge has them or as Confluent's proxy. */
    public MetadataRoutes(TopicCalls calls, boolean strimzi) {
        this.calls = calls;
        this.strimzi = strimzi;
    }

    /** Adds them. */
    public void addTo(Router router) {
        router.add("GET", "/brokers", route(exchange -> calls.brokers().thenApply(MetadataJson::brokers)))
                .add("GET", "/topics", route(exchange -> calls.list().thenApply(MetadataJson::names)))
                .add("GET", "/topics/*", route(this::topic))
                .add(
                        "GET",
                        "/topics/*/partitions",
                        route(exchange -> calls.describe(name(exchange)).thenApply(MetadataJson::partitions)))
                .add("GET", "/topics/*/partitions/*", route(this::partition))
                .add("GET", "/topics/*/partitions/*/offsets", route(this::offsets));
    }

    private static String name(Exchange exchange) {
        return TopicRoutes.name(exchange, TOPIC_SEGMENT);
    }

    private CompletableFuture<JsonOut> topic(Exchange exchange) {
        String name = name(exchange);
        return calls.describe(name).thenCombine(calls.configs(name, null), MetadataJson::topic);
    }

    private CompletableFuture<JsonOut> partition(Exchange exchange) {
        int index = PathPartition.of(exchange, PARTITION_SEGMENT);
        return calls.describe(name(exchange)).thenApply(topic -> MetadataJson.partition(find(topic, index)));
    }

    private CompletableFuture<JsonOut> offsets(Exchange exchange) {
        int index = PathPartition.of(exchange, PARTITION_SEGMENT);
        return calls.describe(name(exchange)).thenCompose(topic -> {
            TopicDescription.Partition partition = find(topic, index);
            return calls.offsets(topic, java.util.List.of(partition)).thenApply(found -> {
                PartitionOffsets offsets = found.get(index);
                Errors error = offsets == null ? Errors.UNKNOWN_SERVER_ERROR : offsets.error();
                if (offsets == null || error != Errors.NONE) {
                    throw KafkaProblems.of(error, null).exception();
                }
                return MetadataJson.offsets(offsets);
            });
        });
    }

    private static TopicDescription.Partition find(TopicDescription topic, int index) {
        return topic.partitions().stream()
                .filter(p -> p.index() == index)
                .findAny()
                .orElseThrow(() -> Problem.of(
                                ProblemKind.NO_SUCH_PARTITION,
                                "topic " + topic.name() + " has no partition " + index + "; it has 0 to "
                                        + (topic.partitions().size() - 1))
                        .exception());
    }

    private Route route(Function<Exchange, CompletableFuture<JsonOut>> asked) {
        return exchange -> {
            exchange.query().allow();
            String contentType = AnswerType.of(exchange.request());
            CompletableFuture<JsonOut> answer = asked.apply(exchange);
            exchange.suspend();
            answer.thenAccept(body -> exchange.answer(200, contentType, body)).exceptionally(error -> {
                fail(exchange, error);
                return null;
            });
        };
    }

    private void fail(Exchange exchange, Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        Problem problem = cause instanceof ProblemException known ? known.problem() : KafkaProblems.of(cause);
        if (strimzi || problem.kind() != ProblemKind.NO_SUCH_TOPIC) {
            exchange.fail(cause);
            return;
        }
        JsonOut body = new JsonOut(128);
        body.ascii("{\"error_code\":").number(NO_SUCH_TOPIC);
        body.ascii(",\"message\":").string(problem.detail()).put('}');
        exchange.answer(404, AnswerType.V2, body);
    }
}
