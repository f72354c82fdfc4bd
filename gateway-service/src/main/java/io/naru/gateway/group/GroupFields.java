package io.naru.gateway.group;

import io.naru.gateway.http.RequestObject;
import io.naru.gateway.http.Timestamps;
import io.naru.gateway.read.PartitionReads;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.jspecify.annotations.Nullable;

/** Lists of partitions in bodies. */
public final class GroupFields {

    private static final int PARTITIONS_MAX = 10_000;
    private static final int TOPIC_CHARS_MAX = 249;
    private static final int TIME_CHARS_MAX = 64;

    private GroupFields() {}

    /** An element {@code {"topic","partition",…}} in the making. */
    public static final class Element {
        private @Nullable String topic;
        private int partition = -1;

        /** Takes {@code topic} and {@code partition}; false for any other field. */
        public boolean take(RequestObject body, String name) {
            if (name.equals("topic")) {
                topic = body.text(TOPIC_CHARS_MAX);
                if (!Topic.isValid(topic)) {
                    throw body.invalid("is no topic's name");
                }
            } else if (name.equals("partition")) {
                partition = body.number(0, Integer.MAX_VALUE);
            } else {
                return false;
            }
            return true;
        }

        /** The partition, both fields having come. */
        public TopicPartition partition(RequestObject body) {
            String name = topic;
            if (name == null) {
                throw body.missing("topic");
            }
            if (partition < 0) {
                throw body.missing("partition");
            }
            return new TopicPartition(name, partition);
        }
    }

    /** {@code [{"topic","partition"}]}. */
    public static List<TopicPartition> partitions(RequestObject body) {
        return elements(body, (one, name) -> false, (one, partition) -> partition);
    }

    /** {@code [{"topic","partition",…}]} with more fields, which {@code other} takes. */
    public static <T> List<T> elements(
            RequestObject body,
            BiFunction<RequestObject, String, Boolean> other,
            BiFunction<RequestObject, TopicPartition, T> made) {
        return body.objects(PARTITIONS_MAX, one -> {
            Element element = new Element();
            one.read(name -> element.take(one, name) || other.apply(one, name));
            return made.apply(one, element.partition(one));
        });
    }

    /** {@code [{"topic","partition","offset" | "timestamp" | "to":"beginning|end"}]}. */
    static List<Seek> seeks(RequestObject body) {
        return body.objects(PARTITIONS_MAX, GroupFields::seek);
    }

    private enum To {
        BEGINNING,
        END
    }

    private static Seek seek(RequestObject one) {
        Element element = new Element();
        long[] offset = {-1};
        Long[] time = new Long[1];
        one.read(name -> {
            switch (name) {
                case "offset" -> offset[0] = one.longNumber(0, Long.MAX_VALUE);
                case "timestamp" -> time[0] = time(one);
                case "to" ->
                    time[0] = one.oneOf(To.class) == To.BEGINNING ? PartitionReads.EARLIEST : PartitionReads.LATEST;
                default -> {
                    return element.take(one, name);
                }
            }
            return true;
        });
        TopicPartition partition = element.partition(one);
        Long at = time[0];
        if ((offset[0] >= 0) == (at != null)) {
            throw one.missing("offset, or timestamp, or to: one of them");
        }
        return at == null ? Seek.to(partition, offset[0]) : Seek.toTime(partition, at);
    }

    /** A time in milliseconds since 1970 or in ISO-8601. */
    public static long time(RequestObject body) {
        Long ms = Timestamps.parse(body.scalar(TIME_CHARS_MAX).toUpperCase(Locale.ROOT));
        if (ms == null) {
            throw body.invalid("must be milliseconds since 1970 or a time like 2026-01-31T12:00:00Z");
        }
        return ms;
    }
}
