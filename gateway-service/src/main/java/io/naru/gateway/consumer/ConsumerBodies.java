package io.naru.gateway.consumer;

import io.naru.gateway.group.GroupFields;
import io.naru.gateway.group.OffsetCommit;
import io.naru.gateway.group.Seek;
import io.naru.gateway.http.RequestObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of this API. Thread-safe. */
final class ConsumerBodies {

    private static final int TEXT_MAX = 1_000;
    private static final int NAME_MAX = 249;
    private static final int TOPICS_MAX = 1_000;
    private static final int METADATA_MAX = 64 * 1024;
    private static final int FETCH_BYTES_MAX = 10_000_000;
    private static final int REQUEST_TIMEOUT_MAX = 600_000;

    private final ConsumerProperties properties;

    ConsumerBodies(ConsumerProperties properties) {
        this.properties = properties;
    }

    /** An instance to be. */
    static final class NewInstance {
        private @Nullable String id;
        private @Nullable String name;
        private RecordForm form = RecordForm.BINARY;
        private boolean fromEarliest;
        private boolean autoCommit;
        private int requestTimeoutMs;

        /** The older name of the name comes before the newer. */
        @Nullable
        String name() {
            return id != null ? id : name;
        }

        ConsumerState state() {
            return new ConsumerState(form, fromEarliest, autoCommit, requestTimeoutMs, 0, null, null);
        }
    }

    NewInstance create(byte[] bytes, int length) {
        NewInstance wanted = new NewInstance();
        wanted.autoCommit = true;
        wanted.requestTimeoutMs = (int) properties.requestTimeout().toMillis();
        RequestObject body = new RequestObject(bytes, length);
        body.read(field -> body.isNull() || take(body, field, wanted));
        return wanted;
    }

    private boolean take(RequestObject body, String field, NewInstance wanted) {
        switch (field) {
            case "id" -> wanted.id = body.text(NAME_MAX);
            case "name" -> wanted.name = body.text(NAME_MAX);
            case "format" -> wanted.form = form(body.text(TEXT_MAX));
            case "auto.offset.reset" -> wanted.fromEarliest = fromEarliest(body.text(TEXT_MAX));
            case "auto.commit.enable", "enable.auto.commit" ->
                wanted.autoCommit = truth(body, field, body.scalar(TEXT_MAX));
            case "fetch.min.bytes", "responseMinBytes" -> number(body, field, -1, FETCH_BYTES_MAX);
            case "consumer.request.timeout.ms", "requestWaitMs" ->
                wanted.requestTimeoutMs = number(body, field, 0, REQUEST_TIMEOUT_MAX);
            default -> {
                return false;
            }
        }
        return true;
    }

    private RecordForm form(String word) {
        RecordForm form = RecordForm.of(word, properties.isStrimzi());
        if (form != null) {
            return form;
        }
        String served = properties.isStrimzi() ? "binary, json and text" : "binary and json";
        throw new ConsumerException(
                ConsumerException.INVALID, "Invalid format type. There are " + served + ", but no " + word);
    }

    private static boolean fromEarliest(String word) {
        return switch (word) {
            case "earliest", "smallest" -> true;
            case "latest", "largest" -> false;
            default ->
                throw new ConsumerException(
                        ConsumerException.INVALID_CONFIG,
                        "Invalid consumer configuration: auto.offset.reset is earliest or latest, not " + word);
        };
    }

    private static boolean truth(RequestObject body, String field, String word) {
        return switch (word) {
            case "true" -> true;
            case "false" -> false;
            default -> throw body.invalid("must be true or false, not " + word + " (" + field + ")");
        };
    }

    /** A number, also in quotes. */
    private static int number(RequestObject body, String field, int min, int max) {
        String text = body.scalar(TEXT_MAX);
        try {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException noNumber) {
            throw body.invalid("must be a whole number");
        }
        throw new ConsumerException(
                ConsumerException.OUT_OF_RANGE, field + " must be between " + min + " and " + max + ", not " + text);
    }

    /** What an instance is to read: topics, or a pattern, or neither. */
    record Subscribe(List<String> topics, @Nullable String pattern) {}

    Subscribe subscribe(byte[] bytes, int length) {
        List<String> topics = new ArrayList<>();
        String[] pattern = new String[1];
        RequestObject body = new RequestObject(bytes, length);
        body.read(field -> {
            if (field.equals("topics")) {
                if (!body.isNull()) {
                    topics.addAll(body.texts(TOPICS_MAX, NAME_MAX));
                }
            } else if (field.equals("topic_pattern")) {
                pattern[0] = body.isNull() ? null : body.text(TEXT_MAX);
            } else {
                return false;
            }
            return true;
        });
        return new Subscribe(topics, pattern[0]);
    }

    /** {@code {"partitions":[…]}}; null when there is no body. */
    @Nullable
    List<TopicPartition> partitions(byte[] bytes, int length) {
        if (length == 0) {
            return null;
        }
        List<TopicPartition> partitions = new ArrayList<>();
        RequestObject body = new RequestObject(bytes, length);
        body.read(field -> {
            if (!field.equals("partitions")) {
                return false;
            }
            partitions.addAll(GroupFields.partitions(body));
            return true;
        });
        return partitions;
    }

    /** {@code {"offsets":[…],"timestamps":[…]}}. */
    List<Seek> positions(byte[] bytes, int length) {
        List<Seek> seeks = new ArrayList<>();
        RequestObject body = new RequestObject(bytes, length);
        body.read(field -> {
            switch (field) {
                case "offsets" ->
                    offsets(body).forEach((partition, commit) -> seeks.add(Seek.to(partition, commit.offset())));
                case "timestamps" -> seeks.addAll(times(body));
                default -> {
                    return false;
                }
            }
            return true;
        });
        return seeks;
    }

    private static List<Seek> times(RequestObject body) {
        long[] time = {-1};
        return GroupFields.elements(
                body,
                (one, name) -> {
                    if (name.equals("timestamp")) {
                        time[0] = GroupFields.time(one);
                        return true;
                    }
                    return isMetadata(one, name);
                },
                (one, partition) -> {
                    if (time[0] < 0) {
                        throw one.missing("timestamp");
                    }
                    Seek seek = Seek.toTime(partition, time[0]);
                    time[0] = -1;
                    return seek;
                });
    }

    private static boolean isMetadata(RequestObject one, String name) {
        if (!name.equals("metadata")) {
            return false;
        }
        if (!one.isNull() && !one.isString()) {
            throw one.invalid("must be a string");
        }
        return true;
    }

    /** {@code {"offsets":[…]}}, as they stand there; null for everything that was read. */
    @Nullable
    Map<TopicPartition, OffsetCommit> commit(byte[] bytes, int length) {
        if (length == 0) {
            return null;
        }
        List<Map<TopicPartition, OffsetCommit>> found = new ArrayList<>();
        RequestObject body = new RequestObject(bytes, length);
        body.read(field -> {
            if (!field.equals("offsets")) {
                return false;
            }
            if (!body.isNull()) {
                found.add(offsets(body));
            }
            return true;
        });
        return found.isEmpty() ? null : found.get(0);
    }

    private static Map<TopicPartition, OffsetCommit> offsets(RequestObject body) {
        long[] offset = {-1};
        String[] metadata = {""};
        Map<TopicPartition, OffsetCommit> offsets = new LinkedHashMap<>();
        GroupFields.elements(
                body,
                (one, name) -> {
                    if (name.equals("offset")) {
                        offset[0] = one.longNumber(0, Long.MAX_VALUE - 1);
                        return true;
                    }
                    if (isMetadata(one, name)) {
                        metadata[0] = one.isNull() ? "" : one.anyText(METADATA_MAX);
                        return true;
                    }
                    return false;
                },
                (one, partition) -> {
                    if (offset[0] < 0) {
                        throw one.missing("offset");
                    }
                    offsets.put(partition, new OffsetCommit(offset[0], metadata[0]));
                    offset[0] = -1;
                    metadata[0] = "";
                    return partition;
                });
        return offsets;
    }
}
