package io.naru.gateway.v2;

import io.naru.gateway.http.BodyReader;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.KafkaProblems;
import io.naru.gateway.http.LimitsProperties;
import io.naru.gateway.http.PathPartition;
import io.naru.gateway.http.Query;
import io.naru.gateway.http.Route;
import io.naru.gateway.produce.Acks;
import io.naru.gateway.produce.ProduceBatcher;
import io.naru.gateway.produce.RecordInput;
import io.naru.gateway.produce.TopicDirectory;
import io.naru.gateway.produce.TopicState;
import io.naru.gateway.produce.TraceHeaders;
import io.naru.gateway.produce.WriteManners;
import io.naru.protocol.client.UnknownTopicException;
import java.io.IOException;

/**
 * {@code POST /topics/{t}} and {@code POST /topics/{t}/partitions/{p}}. 200 with a line for each record, in the order of the request,
 * whatever became of it; nothing is written when the request itself is wrong.
 */
public final class ProduceRoute implements Route {

    private static final int TOPIC_SEGMENT = 1;
    private static final int PARTITION_SEGMENT = 3;

    private final BodyReader bodies;
    private final TopicDirectory directory;
    private final ProduceBatcher batcher;
    private final LimitsProperties limits;
    private final WriteManners manners;
    private final boolean ofPartition;
    private final boolean strimzi;

    /**
     * A route.
     *
     * @param ofPartition whether the path names the partition
     * @param strimzi     whether it is to be as Strimzi's bridge has it
     */
    public ProduceRoute(
            BodyReader bodies,
            TopicDirectory directory,
            ProduceBatcher batcher,
            LimitsProperties limits,
            WriteManners manners,
            boolean ofPartition,
            boolean strimzi) {
        this.bodies = bodies;
        this.directory = directory;
        this.batcher = batcher;
        this.limits = limits;
        this.manners = manners;
        this.ofPartition = ofPartition;
        this.strimzi = strimzi;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        exchange.isWrite();
        Query query = strimzi
                ? exchange.query().allow("acks", "timeout", "async")
                : exchange.query().allow("acks", "timeout");
        Acks acks = Acks.parse(query.text("acks"));
        boolean async = strimzi && query.flag("async");
        EmbeddedFormat format = EmbeddedFormat.of(exchange.request(), strimzi);
        String answerType = AnswerType.of(exchange.request());
        int partition = ofPartition ? PathPartition.of(exchange, PARTITION_SEGMENT) : RecordInput.ANY_PARTITION;
        manners.limitTime(exchange);
        bodies.read(exchange, (bytes, length) -> {
            ProduceBody body = new ProduceBodyParser(
                            format,
                            ProduceShape.of(strimzi, ofPartition),
                            limits.recordsPerRequest(),
                            limits.jsonDepth())
                    .parse(bytes, length);
            exchange.suspend();
            find(new Call(exchange, answerType, body, partition, acks, async));
        });
    }

    /** A request that has been read. */
    private record Call(
            Exchange exchange, String answerType, ProduceBody body, int partition, Acks acks, boolean async) {}

    private void find(Call call) {
        String name = call.exchange().segment(TOPIC_SEGMENT);
        TopicState topic = directory.known(name);
        if (topic != null) {
            checkPartitions(call, topic);
            return;
        }
        directory.find(name).whenComplete((found, error) -> {
            if (error == null) {
                guarded(call, () -> checkPartitions(call, found));
            } else {
                missing(call, error);
            }
        });
    }

    /** Without its topic every record of Strimzi's is told so by itself, else the request as a whole. */
    private void missing(Call call, Throwable error) {
        Throwable cause = error.getCause() == null ? error : error.getCause();
        if (strimzi && cause instanceof UnknownTopicException && !call.async()) {
            ProduceAnswer answer = new ProduceAnswer(
                    call.exchange(), call.answerType(), true, call.body().count());
            for (int i = 0; i < call.body().count(); i++) {
                answer.failed(i, KafkaProblems.of(cause));
            }
        } else {
            call.exchange().fail(error);
        }
    }

    /** A partition that is not known may have been added lately. */
    private void checkPartitions(Call call, TopicState topic) {
        int highest = Math.max(call.partition(), call.body().highestPartition());
        if (highest < topic.partitions()) {
            append(call, topic);
        } else {
            directory.refresh(topic).whenComplete((same, error) -> guarded(call, () -> append(call, topic)));
        }
    }

    private void append(Call call, TopicState topic) {
        if (!strimzi && call.partition() >= topic.partitions()) {
            call.exchange().fail(ProduceBatcher.noSuchPartition(topic, call.partition()));
            return;
        }
        if (!batcher.hasRoom()) {
            call.exchange().fail(ProduceBatcher.full());
            return;
        }
        ProduceBody body = call.body();
        ProduceAnswer answer = new ProduceAnswer(call.exchange(), call.answerType(), strimzi, body.count());
        RecordInput record = new RecordInput();
        TraceHeaders trace = manners.trace(call.exchange().request());
        if (call.async()) {
            // Nobody waits for what becomes of them; what is told later comes second and is dropped.
            call.exchange().answer(204);
        }
        for (int i = 0; i < body.count(); i++) {
            body.read(i, record, call.partition());
            if (trace != null) {
                trace.addTo(record);
            }
            int to = batcher.place(topic, record);
            if (to < 0) {
                answer.failed(i, ProduceBatcher.noSuchPartition(topic, record.partition()));
            } else if (!batcher.append(topic, to, call.acks(), record, answer, i)) {
                answer.failed(i, ProduceBatcher.full());
            }
        }
    }

    /** On threads that nobody else watches, a mistake of ours is still answered. */
    private static void guarded(Call call, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException mistake) {
            call.exchange().fail(mistake);
        }
    }
}
