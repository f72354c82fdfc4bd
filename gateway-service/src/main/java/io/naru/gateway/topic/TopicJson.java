package io.naru.gateway.topic;

import io.naru.gateway.format.JsonOut;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

/**
 * Topics as {@code /v1} shows them:
 *
 * <pre>
 * {"name":"t","id":"…"|null,"internal":false,"replication_factor":1,"partitions":[
 *   {"partition":0,"leader":1|null,"replicas":[1],"isr":[1],"earliest":0|null,"end":5|null,"error":"…"?}]}
 * </pre>
 */
final class TopicJson {

    private static final int TOPIC_BYTES = 128;

    private TopicJson() {}

    static JsonOut one(TopicDescription topic, Map<Integer, PartitionOffsets> offsets) {
        JsonOut out = new JsonOut(TOPIC_BYTES * (1 + topic.partitions().size()));
        head(out, topic);
        out.ascii(",\"partitions\":[");
        boolean first = true;
        for (TopicDescription.Partition partition : topic.partitions()) {
            out.ascii(first ? "" : ",");
            first = false;
            partition(
                    out,
                    partition,
                    offsets.getOrDefault(partition.index(), PartitionOffsets.unknown(Errors.LEADER_NOT_AVAILABLE)));
        }
        return out.ascii("]}\n");
    }

    /** Names and figures only. */
    static JsonOut list(List<TopicDescription> topics) {
        JsonOut out = new JsonOut(TOPIC_BYTES * (1 + topics.size()));
        out.ascii("{\"topics\":[");
        boolean first = true;
        for (TopicDescription topic : topics) {
            out.ascii(first ? "" : ",");
            first = false;
            head(out, topic);
            out.ascii(",\"partitions\":").number(topic.partitions().size()).put('}');
        }
        return out.ascii("]}\n");
    }

    private static void head(JsonOut out, TopicDescription topic) {
        out.ascii("{\"name\":").string(topic.name()).ascii(",\"id\":");
        if (topic.topicId().equals(Uuid.ZERO_UUID)) {
            out.ascii("null");
        } else {
            out.string(topic.topicId().toString());
        }
        out.ascii(",\"internal\":").ascii(Boolean.toString(topic.internal()));
        out.ascii(",\"replication_factor\":").number(topic.replicationFactor());
    }

    private static void partition(JsonOut out, TopicDescription.Partition partition, PartitionOffsets offsets) {
        out.ascii("{\"partition\":").number(partition.index()).ascii(",\"leader\":");
        known(out, partition.leader());
        out.ascii(",\"replicas\":");
        numbers(out, partition.replicas());
        out.ascii(",\"isr\":");
        numbers(out, partition.isr());
        out.ascii(",\"earliest\":");
        known(out, offsets.earliest());
        out.ascii(",\"end\":");
        known(out, offsets.end());
        if (offsets.error() != Errors.NONE) {
            out.ascii(",\"error\":").string(offsets.error().name());
        }
        out.put('}');
    }

    private static void known(JsonOut out, long number) {
        if (number < 0) {
            out.ascii("null");
        } else {
            out.number(number);
        }
    }

    private static void numbers(JsonOut out, List<Integer> numbers) {
        out.put('[');
        for (int i = 0; i < numbers.size(); i++) {
            out.ascii(i == 0 ? "" : ",").number(numbers.get(i));
        }
        out.put(']');
    }
}
