package io.naru.coordinator.record;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.Type;
import org.jspecify.annotations.Nullable;

/** Pieces that several record formats share. */
final class Structs {

    private static final String TAGGED = "_tagged_fields";

    static final Schema GROUP_KEY = new Schema(new Field("group_id", Type.STRING));
    static final Schema MEMBER_KEY =
            new Schema(new Field("group_id", Type.STRING), new Field("member_id", Type.STRING));

    private Structs() {}

    /** Sets the tagged fields; Kafka leaves out those that have their default value. */
    static void tag(Struct struct, NavigableMap<Integer, ? extends @Nullable Object> fields) {
        struct.set(TAGGED, fields);
    }

    static void tagNothing(Struct struct) {
        struct.set(TAGGED, new TreeMap<Integer, Object>());
    }

    @SuppressWarnings("unchecked")
    static @Nullable Object tagged(Struct struct, int tag) {
        return ((NavigableMap<Integer, @Nullable Object>) struct.get(TAGGED)).get(tag);
    }

    static <T> void setArray(Struct parent, String field, Collection<T> values, BiConsumer<T, Struct> fill) {
        Object[] array = new Object[values.size()];
        int i = 0;
        for (T value : values) {
            Struct element = parent.instance(field);
            fill.accept(value, element);
            array[i++] = element;
        }
        parent.set(field, array);
    }

    static <T> List<T> readArray(Struct parent, String field, Function<Struct, T> read) {
        Object[] array = parent.getArray(field);
        List<T> values = new ArrayList<>(array.length);
        for (Object element : array) {
            values.add(read.apply((Struct) element));
        }
        return values;
    }

    /** Partition indexes by topic, both in ascending order. */
    static SortedMap<Uuid, List<Integer>> byTopic(Iterable<PartitionId> partitions) {
        SortedMap<Uuid, List<Integer>> topics = new TreeMap<>();
        for (PartitionId partition : partitions) {
            topics.computeIfAbsent(partition.topicId(), t -> new ArrayList<>()).add(partition.partition());
        }
        return topics;
    }

    static void fillTopic(Map.Entry<Uuid, List<Integer>> topic, Struct struct) {
        struct.set("topic_id", topic.getKey());
        struct.set("partitions", topic.getValue().toArray());
    }
}
