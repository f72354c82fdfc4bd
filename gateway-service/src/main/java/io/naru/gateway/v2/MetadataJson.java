package io.naru.gateway.v2;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.topic.PartitionOffsets;
import io.naru.gateway.topic.TopicDescription;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Topics, partitions and brokers in the shapes of this API. */
final class MetadataJson {

    private static final int PARTITION_BYTES = 128;

    private MetadataJson() {}

    /** {@code {"brokers":[1,2]}}. */
    static JsonOut brokers(List<Integer> ids) {
        JsonOut out = new JsonOut(64).ascii("{\"brokers\":[");
        for (int i = 0; i < ids.size(); i++) {
            out.ascii(i == 0 ? "" : ",").number(ids.get(i));
        }
        return out.ascii("]}");
    }

    /** {@code ["a","b"]}. */
    static JsonOut names(List<TopicDescription> topics) {
        JsonOut out = new JsonOut(32 * (1 + topics.size())).put('[');
        for (int i = 0; i < topics.size(); i++) {
            out.ascii(i == 0 ? "" : ",").string(topics.get(i).name());
        }
        return out.put(']');
    }

    /** {@code {"name","configs":{},"partitions":[]}}. */
    static JsonOut topic(TopicDescription topic, Map<String, @Nullable String> configs) {
        JsonOut out = new JsonOut(1024 + PARTITION_BYTES * topic.partitions().size());
        out.ascii("{\"name\":").string(topic.name()).ascii(",\"configs\":{");
        boolean first = true;
        for (Map.Entry<String, @Nullable String> config : configs.entrySet()) {
            out.ascii(first ? "" : ",").string(config.getKey()).put(':');
            first = false;
            String value = config.getValue();
            if (value == null) {
                out.ascii("null");
            } else {
                out.string(value);
            }
        }
        out.ascii("},\"partitions\":");
        return partitions(out, topic).put('}');
    }

    /** {@code [partition, …]}. */
    static JsonOut partitions(TopicDescription topic) {
        return partitions(new JsonOut(PARTITION_BYTES * (1 + topic.partitions().size())), topic);
    }

    private static JsonOut partitions(JsonOut out, TopicDescription topic) {
        out.put('[');
        for (int i = 0; i < topic.partitions().size(); i++) {
            out.ascii(i == 0 ? "" : ",");
            partition(out, topic.partitions().get(i));
        }
        return out.put(']');
    }

    /** {@code {"partition":0,"leader":1,"replicas":[{"broker":1,"leader":true,"in_sync":true}]}}. */
    static JsonOut partition(TopicDescription.Partition partition) {
        return partition(new JsonOut(PARTITION_BYTES), partition);
    }

    private static JsonOut partition(JsonOut out, TopicDescription.Partition partition) {
        out.ascii("{\"partition\":").number(partition.index());
        out.ascii(",\"leader\":").number(partition.leader()).ascii(",\"replicas\":[");
        for (int i = 0; i < partition.replicas().size(); i++) {
            int broker = partition.replicas().get(i);
            out.ascii(i == 0 ? "" : ",").ascii("{\"broker\":").number(broker);
            out.ascii(",\"leader\":").ascii(Boolean.toString(broker == partition.leader()));
            out.ascii(",\"in_sync\":")
                    .ascii(Boolean.toString(partition.isr().contains(broker)))
                    .put('}');
        }
        return out.ascii("]}");
    }

    /** {@code {"beginning_offset":0,"end_offset":5}}. */
    static JsonOut offsets(PartitionOffsets offsets) {
        return new JsonOut(64)
                .ascii("{\"beginning_offset\":")
                .number(offsets.earliest())
                .ascii(",\"end_offset\":")
                .number(offsets.end())
                .put('}');
    }
}
