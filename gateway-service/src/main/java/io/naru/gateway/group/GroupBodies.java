package io.naru.gateway.group;

import io.naru.gateway.cursor.Subscription;
import io.naru.gateway.format.RecordFormat;
import io.naru.gateway.http.LimitsProperties;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.http.RequestObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of group calls. Thread-safe. */
final class GroupBodies {

    /** Null is as good as nothing for all of them: cursors are passed on as they are, and generated clients name every field. */
    private static final Set<String> OPTIONAL = Set.of(
            "topics",
            "pattern",
            "assign",
            "seek",
            "pause",
            "member",
            "cursor",
            "ack",
            "max_records",
            "max_bytes",
            "wait_ms",
            "session_timeout_ms",
            "from",
            "key_format",
            "value_format");

    private static final int TOPICS_MAX = 1_000;
    private static final int TOPIC_CHARS_MAX = 249;
    private static final int PATTERN_CHARS_MAX = 1_000;
    private static final int ID_CHARS_MAX = 256;
    private static final int CURSOR_CHARS_MAX = 512 * 1024;

    private final GroupProperties properties;
    private final LimitsProperties limits;

    GroupBodies(GroupProperties properties, LimitsProperties limits) {
        this.properties = properties;
        this.limits = limits;
    }

    private enum From {
        EARLIEST,
        LATEST
    }

    /** What has been read so far. */
    private static final class Draft {
        private @Nullable List<String> topics;
        private @Nullable String pattern;
        private @Nullable List<TopicPartition> assign;
        private List<Seek> seek = List.of();
        private Set<TopicPartition> pause = Set.of();
        private @Nullable String member;
        private @Nullable String cursor;
        private @Nullable String ack;
        private int maxRecords;
        private int maxBytes;
        private int waitMs;
        private int sessionTimeoutMs = -1;
        private @Nullable Boolean fromEarliest;
        private RecordFormat keyFormat = RecordFormat.AUTO;
        private RecordFormat valueFormat = RecordFormat.AUTO;
    }

    PollRequest poll(byte[] bytes, int length) {
        Draft draft = new Draft();
        draft.maxRecords = properties.pollRecords();
        draft.maxBytes = (int) properties.pollSize().toBytes();
        draft.waitMs = (int) properties.waitTime().toMillis();
        RequestObject body = new RequestObject(bytes, length);
        body.read(name -> (OPTIONAL.contains(name) && body.isNull())
                || who(body, name, draft)
                || where(body, name, draft)
                || howMuch(body, name, draft));
        return new PollRequest(
                subscription(draft),
                draft.assign == null ? List.of() : draft.assign,
                draft.seek,
                draft.pause,
                draft.member,
                draft.cursor,
                draft.ack,
                draft.maxRecords,
                draft.maxBytes,
                draft.waitMs,
                draft.sessionTimeoutMs,
                draft.fromEarliest,
                draft.keyFormat,
                draft.valueFormat);
    }

    /** Takes the fields that say who polls what. */
    private static boolean who(RequestObject body, String name, Draft draft) {
        switch (name) {
            case "topics" -> draft.topics = body.texts(TOPICS_MAX, TOPIC_CHARS_MAX);
            case "pattern" -> draft.pattern = body.text(PATTERN_CHARS_MAX);
            case "member" -> draft.member = body.text(ID_CHARS_MAX);
            case "cursor" -> draft.cursor = body.text(CURSOR_CHARS_MAX);
            case "ack" -> draft.ack = body.text(CURSOR_CHARS_MAX);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static boolean where(RequestObject body, String name, Draft draft) {
        switch (name) {
            case "assign" -> draft.assign = GroupFields.partitions(body);
            case "seek" -> draft.seek = GroupFields.seeks(body);
            case "pause" -> draft.pause = new LinkedHashSet<>(GroupFields.partitions(body));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean howMuch(RequestObject body, String name, Draft draft) {
        switch (name) {
            case "max_records" -> draft.maxRecords = body.number(1, properties.pollRecordsMax());
            case "max_bytes" ->
                draft.maxBytes = body.number(1, (int) properties.pollSizeMax().toBytes());
            case "wait_ms" ->
                draft.waitMs = body.number(0, (int) limits.waitMax().toMillis());
            case "session_timeout_ms" ->
                draft.sessionTimeoutMs =
                        body.number((int) properties.sessionTimeoutMin().toMillis(), (int)
                                properties.sessionTimeoutMax().toMillis());
            case "from" -> draft.fromEarliest = body.oneOf(From.class) == From.EARLIEST;
            case "key_format" -> draft.keyFormat = body.oneOf(RecordFormat.class);
            case "value_format" -> draft.valueFormat = body.oneOf(RecordFormat.class);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Subscription subscription(Draft draft) {
        List<String> topics = draft.topics;
        String pattern = draft.pattern;
        if (draft.assign != null) {
            if (topics != null || pattern != null) {
                throw RequestObject.invalidField("/assign cannot stand beside /topics or /pattern; give one of them");
            }
            return Subscription.ASSIGNED;
        }
        if (topics != null && pattern != null) {
            throw RequestObject.invalidField("/pattern cannot stand beside /topics; give one of them");
        }
        if (topics == null) {
            return pattern == null ? null : Subscription.ofPattern(pattern);
        }
        if (topics.isEmpty()) {
            throw RequestObject.invalidField("/topics must have at least one topic");
        }
        for (int i = 0; i < topics.size(); i++) {
            if (!Topic.isValid(topics.get(i))) {
                throw Problem.of(
                                ProblemKind.INVALID_TOPIC_NAME,
                                "/topics/" + i
                                        + " is no topic's name: names have 1 to 249 of the characters a-z, A-Z, 0-9, "
                                        + "'.', '_' and '-', and are not '.' or '..'")
                        .exception();
            }
        }
        return Subscription.ofTopics(topics);
    }

    /** The body of an acknowledgement: its cursor. */
    String ack(byte[] bytes, int length) {
        String[] cursor = new String[1];
        RequestObject body = new RequestObject(bytes, length);
        body.read(name -> {
            if (!name.equals("cursor")) {
                return false;
            }
            cursor[0] = body.text(CURSOR_CHARS_MAX);
            return true;
        });
        if (cursor[0] == null) {
            throw RequestObject.invalidField("/cursor is missing: give the cursor of the answer that is dealt with");
        }
        return cursor[0];
    }
}
