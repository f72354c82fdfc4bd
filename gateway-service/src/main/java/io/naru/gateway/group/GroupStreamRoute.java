package io.naru.gateway.group;

import io.naru.gateway.cursor.CursorKey;
import io.naru.gateway.cursor.CursorSigner;
import io.naru.gateway.cursor.GroupCursor;
import io.naru.gateway.cursor.Subscription;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.MediaTypes;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.http.Query;
import io.naru.gateway.http.Route;
import io.naru.gateway.read.RecordFormats;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/groups/{g}/records}: a member of a group as one stream, server-sent events or lines. */
final class GroupStreamRoute implements Route {

    private static final int TOPICS_MAX = 1_000;
    private static final long TOPICS_WAIT_MS = 1_000;

    private final CursorKey cursors;
    private final Groups groups;
    private final GroupProperties properties;

    GroupStreamRoute(CursorKey cursors, Groups groups, GroupProperties properties) {
        this.cursors = cursors;
        this.groups = groups;
        this.properties = properties;
    }

    private enum Ack {
        AUTO,
        NONE
    }

    private enum From {
        EARLIEST,
        LATEST
    }

    @Override
    public void handle(Exchange exchange) {
        Query query = exchange.query()
                .allow("topics", "pattern", "ack", "from", "session_timeout_ms", "key_format", "value_format");
        String group = Groups.groupOf(exchange);
        boolean events = MediaTypes.choose(
                        exchange.request(), List.of(MediaTypes.NDJSON, MediaTypes.SSE, MediaTypes.JSON))
                .equals(MediaTypes.SSE);
        String last = events ? exchange.request().getHeader("Last-Event-ID") : null;
        Subscription subscription = subscription(query);
        GroupStream.Options options = new GroupStream.Options(
                group,
                subscription,
                (int) query.number(
                        "session_timeout_ms",
                        properties.sessionTimeout().toMillis(),
                        properties.sessionTimeoutMin().toMillis(),
                        properties.sessionTimeoutMax().toMillis()),
                query.oneOf("from", From.LATEST) == From.EARLIEST,
                query.oneOf("ack", Ack.AUTO) == Ack.AUTO,
                events,
                RecordFormats.of(query));
        cursors.whenReady(exchange, signer -> {
            GroupCursor resumed = last == null || last.isBlank() ? null : resumed(signer, last.strip(), group);
            groups.expectTopics(subscription, TOPICS_WAIT_MS).whenComplete((nothing, error) -> {
                if (error != null) {
                    exchange.fail(error);
                } else {
                    new GroupStream(exchange, options, resumed, groups, groups.services(signer)).begin();
                }
            });
        });
    }

    private static @Nullable GroupCursor resumed(CursorSigner signer, String cursor, String group) {
        return Groups.decode(signer, cursor, group, "Last-Event-ID");
    }

    private static Subscription subscription(Query query) {
        String topics = query.text("topics");
        String pattern = query.text("pattern");
        if ((topics == null) == (pattern == null)) {
            throw Problem.of(
                            ProblemKind.BAD_PARAMETER,
                            "a stream reads topics=name,name,… or pattern=, a regular expression: give one of them")
                    .exception();
        }
        if (topics == null) {
            return Subscription.ofPattern(String.valueOf(pattern));
        }
        List<String> names = Arrays.stream(topics.split(",", TOPICS_MAX + 1))
                .map(String::strip)
                .toList();
        if (names.size() > TOPICS_MAX) {
            throw Problem.of(ProblemKind.BAD_PARAMETER, "topics names more than " + TOPICS_MAX)
                    .exception();
        }
        for (String name : names) {
            if (!Topic.isValid(name)) {
                throw new InvalidTopicException(name);
            }
        }
        return Subscription.ofTopics(names);
    }
}
