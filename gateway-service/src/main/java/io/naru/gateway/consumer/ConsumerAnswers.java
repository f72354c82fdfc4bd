package io.naru.gateway.consumer;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.group.OffsetCommit;
import io.naru.gateway.http.Dialect;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.KafkaProblems;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.http.ProblemKind;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/** Answers of this API. */
final class ConsumerAnswers {

    static final String V2 = "application/vnd.kafka.v2+json";

    private final boolean strimzi;

    ConsumerAnswers(ConsumerProperties properties) {
        this.strimzi = properties.isStrimzi();
    }

    /** {@code {"error_code","message"}}; in Strimzi's words the number is the status. */
    void fail(Exchange exchange, Throwable error) {
        Throwable cause = ConsumerCalls.cause(error);
        if (cause instanceof ConsumerException known) {
            send(exchange, known.status(), known.code(), String.valueOf(known.getMessage()));
            return;
        }
        if (cause instanceof IOException) {
            exchange.fail(cause);
            return;
        }
        Problem problem = cause instanceof ProblemException known ? known.problem() : KafkaProblems.of(cause);
        int code = code(problem.kind());
        if (problem.kind() == ProblemKind.INTERNAL || problem.retryAfterSeconds() > 0) {
            exchange.fail(cause);
        } else {
            send(exchange, problem.kind().status(), code, problem.detail());
        }
    }

    private static int code(ProblemKind kind) {
        return switch (kind) {
            case NO_SUCH_TOPIC, NO_SUCH_MEMBER -> ConsumerException.NO_INSTANCE;
            case MEMBER_GONE, ILLEGAL_STATE -> ConsumerException.ILLEGAL_STATE;
            default -> Dialect.confluentCode(kind);
        };
    }

    private void send(Exchange exchange, int status, int code, String message) {
        JsonOut body = new JsonOut(256);
        body.ascii("{\"error_code\":").number(strimzi ? status : code);
        body.ascii(",\"message\":").string(message);
        if (strimzi && status == 400) {
            body.ascii(",\"validation_errors\":[").string(message).put(']');
        }
        exchange.answer(status, V2, body.ascii("}\n"));
    }

    static JsonOut created(String name, String baseUri) {
        return new JsonOut(256)
                .ascii("{\"instance_id\":")
                .string(name)
                .ascii(",\"base_uri\":")
                .string(baseUri)
                .put('}');
    }

    /** {@code {"topics":[…]}}, and Strimzi's {@code "partitions":[{"t":[0,1]}]}. */
    JsonOut subscription(Collection<String> topics, Collection<TopicPartition> partitions) {
        JsonOut out = new JsonOut(256).ascii("{\"topics\":[");
        String comma = "";
        for (String topic : topics) {
            out.ascii(comma).string(topic);
            comma = ",";
        }
        out.put(']');
        if (strimzi) {
            Map<String, StringBuilder> byTopic = new TreeMap<>();
            for (TopicPartition one : partitions) {
                StringBuilder list = byTopic.computeIfAbsent(one.topic(), t -> new StringBuilder());
                list.append(list.isEmpty() ? "" : ",").append(one.partition());
            }
            out.ascii(",\"partitions\":[");
            comma = "";
            for (Map.Entry<String, StringBuilder> one : byTopic.entrySet()) {
                out.ascii(comma).put('{').string(one.getKey()).ascii(":[");
                out.ascii(one.getValue().toString()).ascii("]}");
                comma = ",";
            }
            out.put(']');
        }
        return out.put('}');
    }

    static JsonOut partitions(Collection<TopicPartition> partitions) {
        JsonOut out = new JsonOut(256).ascii("{\"partitions\":[");
        String comma = "";
        for (TopicPartition partition : partitions) {
            partition(out.ascii(comma), partition).put('}');
            comma = ",";
        }
        return out.ascii("]}");
    }

    static JsonOut offsets(Map<TopicPartition, OffsetCommit> offsets) {
        JsonOut out = new JsonOut(256).ascii("{\"offsets\":[");
        String[] comma = {""};
        offsets.forEach((partition, commit) -> {
            partition(out.ascii(comma[0]), partition)
                    .ascii(",\"offset\":")
                    .number(commit.offset())
                    .ascii(",\"metadata\":")
                    .string(commit.metadata())
                    .put('}');
            comma[0] = ",";
        });
        return out.ascii("]}");
    }

    private static JsonOut partition(JsonOut out, TopicPartition partition) {
        return out.ascii("{\"topic\":")
                .string(partition.topic())
                .ascii(",\"partition\":")
                .number(partition.partition());
    }
}
