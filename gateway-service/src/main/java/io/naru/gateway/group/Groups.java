package io.naru.gateway.group;

import io.naru.gateway.cursor.CursorSigner;
import io.naru.gateway.cursor.GroupCursor;
import io.naru.gateway.cursor.Subscription;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.read.ReadServices;
import io.naru.protocol.client.MetadataCache;
import io.naru.protocol.client.UnknownTopicException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Finds members for calls, and makes those that are not here. Thread-safe. */
final class Groups {

    private static final int GROUP_SEGMENT = 2;
    private static final int GROUP_CHARS_MAX = 249;
    private static final long TOPIC_RETRY_MS = 100;
    private static final long TOPIC_WAIT_MS = 1_000;

    private final MemberRegistry registry;
    private final GroupCalls calls;
    private final ReadServices reads;
    private final MetadataCache metadata;
    private final TopicNames topics;
    private final GroupProperties properties;
    private final String gatewayId = Uuid.randomUuid().toString();
    private volatile @Nullable GroupServices services;

    Groups(
            MemberRegistry registry,
            GroupCalls calls,
            ReadServices reads,
            MetadataCache metadata,
            GroupProperties properties) {
        this.registry = registry;
        this.calls = calls;
        this.reads = reads;
        this.metadata = metadata;
        this.topics = new TopicNames(metadata);
        this.properties = properties;
    }

    GroupServices services(CursorSigner signer) {
        GroupServices known = services;
        if (known == null) {
            known = new GroupServices(calls, reads, topics, signer, gatewayId, properties);
            services = known;
        }
        return known;
    }

    GroupCalls calls() {
        return calls;
    }

    @Nullable
    GroupMember find(MemberKey key) {
        return registry.find(key);
    }

    long ackDeadlineNanos() {
        return System.nanoTime() + properties.ackTime().toNanos();
    }

    /** The group that the path names. */
    static String groupOf(Exchange exchange) {
        String group = exchange.segment(GROUP_SEGMENT);
        if (group.length() > GROUP_CHARS_MAX) {
            throw Problem.of(ProblemKind.BAD_PARAMETER, "a group's name has at most " + GROUP_CHARS_MAX + " characters")
                    .exception();
        }
        return group;
    }

    /** A cursor of this group. */
    static GroupCursor decode(CursorSigner signer, String text, String group, String field) {
        GroupCursor cursor = GroupCursor.decode(signer, text, field);
        if (!cursor.group().equals(group)) {
            throw Problem.of(ProblemKind.BAD_CURSOR, field + " is of group " + cursor.group() + ", not of " + group)
                    .exception();
        }
        return cursor;
    }

    /** Joins a group as a new member. */
    GroupMember join(String group, PollRequest request, Subscription subscription, GroupServices with) {
        MemberKey key = new MemberKey(group, Uuid.randomUuid().toString());
        GroupMember member = registry.findOrAdd(
                key,
                () -> new GroupMember(
                        key,
                        with,
                        registry,
                        subscription,
                        sessionTimeoutMs(request, null),
                        Boolean.TRUE.equals(request.fromEarliest())));
        member.submit(member::join);
        return member;
    }

    /** The member as this gateway serves it; taken over from another gateway, or from the past, if it does not yet. */
    GroupMember takeOver(
            MemberKey key, @Nullable PollRequest request, @Nullable GroupCursor cursor, GroupServices with) {
        boolean[] isNew = new boolean[1];
        GroupMember member = registry.findOrAdd(key, () -> {
            isNew[0] = true;
            return new GroupMember(
                    key,
                    with,
                    registry,
                    cursor == null ? GroupMember.UNKNOWN_SUBSCRIPTION : cursor.subscription(),
                    sessionTimeoutMs(request, cursor),
                    cursor != null && cursor.fromEarliest());
        });
        if (isNew[0]) {
            if (cursor == null) {
                member.submit(member::takeOver);
            } else {
                member.submit(() -> member.takeOver(cursor));
            }
        }
        return member;
    }

    private long sessionTimeoutMs(@Nullable PollRequest request, @Nullable GroupCursor cursor) {
        if (request != null && request.sessionTimeoutMs() > 0) {
            return request.sessionTimeoutMs();
        }
        return cursor != null
                ? cursor.sessionTimeoutMs()
                : properties.sessionTimeout().toMillis();
    }

    /**
     * Whether all topics named exist: who waits for a topic that does not would wait for ever, most often because of a typing error. One
     * that was created a moment ago may not have reached the broker that is asked, so it is asked for a while.
     */
    CompletableFuture<Void> expectTopics(Subscription subscription, long waitMs) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Math.min(waitMs, TOPIC_WAIT_MS));
        List<CompletableFuture<Void>> all = new ArrayList<>();
        subscription.topics().forEach(topic -> all.add(expectTopic(topic, deadline)));
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<Void> expectTopic(String name, long deadline) {
        return metadata.topic(name)
                .<Void>thenApply(topic -> {
                    topics.remember(topic.topicId(), topic.name());
                    return null;
                })
                .exceptionallyCompose(error -> {
                    Throwable cause = GroupCalls.cause(error);
                    if (!(cause instanceof UnknownTopicException)) {
                        return CompletableFuture.failedFuture(cause);
                    }
                    if (System.nanoTime() - deadline > 0) {
                        return CompletableFuture.failedFuture(Problem.of(
                                        ProblemKind.NO_SUCH_TOPIC,
                                        "there is no topic " + name
                                                + ", so the group was not joined. Create it with PUT /v1/topics/{name}, write to it "
                                                + "where the cluster creates topics by itself, or check its spelling")
                                .exception());
                    }
                    CompletableFuture<Void> later = new CompletableFuture<>();
                    reads.timer().newTimeout(t -> later.complete(null), TOPIC_RETRY_MS, TimeUnit.MILLISECONDS);
                    return later.thenCompose(x -> expectTopic(name, deadline));
                });
    }
}
