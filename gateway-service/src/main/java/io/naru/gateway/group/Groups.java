package io.naru.gateway.group;

import io.naru.gateway.cursor.CursorSigner;
import io.naru.gateway.cursor.GroupCursor;
import io.naru.gateway.cursor.Subscription;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.KafkaProblems;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.read.ReadServices;
import io.naru.protocol.client.MetadataCache;
import io.naru.protocol.client.TopicMetadata;
import io.naru.protocol.client.UnknownTopicException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
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

    int pollRecordsMax() {
        return properties.pollRecordsMax();
    }

    int pollBytesMax() {
        return (int) properties.pollSizeMax().toBytes();
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

    /**
     * Joins a group as a new member.
     *
     * @param sessionTimeoutMs how long it may be silent, or −1
     */
    GroupMember join(
            String group, Subscription subscription, int sessionTimeoutMs, boolean fromEarliest, GroupServices with) {
        GroupMember member = add(group, subscription, sessionTimeoutMs, fromEarliest, with);
        member.submit(member::join);
        return member;
    }

    /** Reads partitions of the client's choice. */
    GroupMember assign(
            String group,
            List<MemberPartition> partitions,
            int sessionTimeoutMs,
            boolean fromEarliest,
            GroupServices with) {
        GroupMember member = add(group, Subscription.ASSIGNED, sessionTimeoutMs, fromEarliest, with);
        member.submit(() -> {
            member.join();
            member.choose(partitions);
        });
        return member;
    }

    static String newMemberId() {
        return Uuid.randomUuid().toString();
    }

    private GroupMember add(
            String group, Subscription subscription, int sessionTimeoutMs, boolean fromEarliest, GroupServices with) {
        MemberKey key = new MemberKey(group, newMemberId());
        return registry.findOrAdd(
                key,
                () -> new GroupMember(
                        key, with, registry, subscription, sessionTimeoutMs(sessionTimeoutMs, null), fromEarliest));
    }

    /** The member as this gateway serves it; taken over from another gateway, or from the past, if it does not yet. */
    GroupMember takeOver(MemberKey key, int sessionTimeoutMs, @Nullable GroupCursor cursor, GroupServices with) {
        boolean[] isNew = new boolean[1];
        GroupMember member = registry.findOrAdd(key, () -> {
            isNew[0] = true;
            return new GroupMember(
                    key,
                    with,
                    registry,
                    cursor == null ? HeartbeatMembership.UNKNOWN_SUBSCRIPTION : cursor.subscription(),
                    sessionTimeoutMs(sessionTimeoutMs, cursor),
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

    private long sessionTimeoutMs(int asked, @Nullable GroupCursor cursor) {
        if (asked > 0) {
            return asked;
        }
        return cursor != null
                ? cursor.sessionTimeoutMs()
                : properties.sessionTimeout().toMillis();
    }

    /** The partitions named, if there are such; see {@link #expectTopics}. */
    CompletableFuture<List<MemberPartition>> partitions(Collection<TopicPartition> named, long waitMs) {
        Set<String> topics = new TreeSet<>();
        named.forEach(partition -> topics.add(partition.topic()));
        if (topics.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        return expectTopics(Subscription.ofTopics(List.copyOf(topics)), waitMs).thenCompose(x -> {
            List<CompletableFuture<MemberPartition>> all = new ArrayList<>();
            named.forEach(partition ->
                    all.add(metadata.topic(partition.topic()).thenApply(topic -> partition(topic, partition))));
            return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                    .thenApply(y -> all.stream().map(CompletableFuture::join).toList());
        });
    }

    /** Committed offsets by name of topic. Fails with the error of the whole. */
    CompletableFuture<Map<TopicPartition, OffsetCommit>> named(OffsetFetchResponseGroup answer) {
        Errors error = Errors.forCode(answer.errorCode());
        if (error != Errors.NONE) {
            return CompletableFuture.failedFuture(KafkaProblems.of(error, null).exception());
        }
        List<Uuid> ids = answer.topics().stream()
                .filter(topic -> topic.name().isEmpty())
                .map(OffsetFetchResponseTopics::topicId)
                .toList();
        return topics.of(ids).thenApply(names -> {
            Map<TopicPartition, OffsetCommit> found = new LinkedHashMap<>();
            for (OffsetFetchResponseTopics topic : answer.topics()) {
                String name = topic.name().isEmpty() ? names.getOrDefault(topic.topicId(), "") : topic.name();
                for (var partition : topic.partitions()) {
                    if (!name.isEmpty() && partition.committedOffset() >= 0) {
                        String metadata = partition.metadata();
                        found.put(
                                new TopicPartition(name, partition.partitionIndex()),
                                new OffsetCommit(partition.committedOffset(), metadata == null ? "" : metadata));
                    }
                }
            }
            return found;
        });
    }

    private static MemberPartition partition(TopicMetadata topic, TopicPartition partition) {
        int count = topic.partitions().size();
        if (partition.partition() >= count) {
            throw Problem.of(
                            ProblemKind.NO_SUCH_PARTITION,
                            "topic " + partition.topic() + " has no partition " + partition.partition()
                                    + "; it has 0 to " + (count - 1))
                    .exception();
        }
        return new MemberPartition(topic.topicId(), partition);
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
