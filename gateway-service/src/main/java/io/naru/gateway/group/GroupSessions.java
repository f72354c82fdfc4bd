package io.naru.gateway.group;

import io.naru.gateway.cursor.CursorKey;
import io.naru.gateway.cursor.CursorSigner;
import io.naru.gateway.cursor.GroupCursor;
import io.naru.gateway.cursor.PartitionPosition;
import io.naru.gateway.cursor.Subscription;
import io.naru.gateway.format.JsonOut;
import io.naru.gateway.format.RecordFormat;
import io.naru.gateway.http.KafkaProblems;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.read.ReadServices;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Members for APIs whose clients keep no cursor: every call goes on from one and gives the next. Failures are {@link ProblemException}s.
 * Thread-safe and non-blocking.
 */
public final class GroupSessions {

    private static final RecordShape NO_RECORDS = new NativeShape("", "", RecordFormat.AUTO, RecordFormat.AUTO);

    private final Groups groups;
    private final CursorKey cursors;
    private final ReadServices reads;

    GroupSessions(Groups groups, CursorKey cursors, ReadServices reads) {
        this.groups = groups;
        this.cursors = cursors;
        this.reads = reads;
    }

    /** Signs and reads cursors. */
    public CompletableFuture<CursorSigner> signer() {
        return cursors.signer();
    }

    /** A member with a name, of which its group knows nothing yet: it joins with the first call that goes on from here. */
    public static GroupCursor newcomer(
            String group, Subscription subscription, int sessionTimeoutMs, boolean fromEarliest) {
        return new GroupCursor(
                group,
                Groups.newMemberId(),
                HeartbeatRequests.JOIN_EPOCH,
                subscription,
                sessionTimeoutMs,
                fromEarliest,
                List.of());
    }

    /** The same member reads something else from now on. */
    public CompletableFuture<GroupCursor> resubscribe(GroupCursor cursor, Subscription subscription) {
        return signer().thenApply(signer -> {
            GroupMember member = member(cursor, signer);
            member.submit(() -> member.membership().subscribe(subscription));
            return new GroupCursor(
                    cursor.group(),
                    cursor.memberId(),
                    cursor.memberEpoch(),
                    subscription,
                    cursor.sessionTimeoutMs(),
                    cursor.fromEarliest(),
                    cursor.positions());
        });
    }

    /** Reads partitions of the client's choice. */
    public CompletableFuture<GroupCursor> assign(
            String group, List<TopicPartition> partitions, int sessionTimeoutMs, boolean fromEarliest) {
        return groups.partitions(partitions, 0).thenCombine(signer(), (found, signer) -> {
            GroupMember member = groups.assign(group, found, sessionTimeoutMs, fromEarliest, groups.services(signer));
            return new GroupCursor(
                    group,
                    member.key().memberId(),
                    member.membership().epoch(),
                    Subscription.ASSIGNED,
                    sessionTimeoutMs,
                    fromEarliest,
                    found.stream()
                            .map(p -> new PartitionPosition(p.topicId(), p.partition(), HeldPartition.NONE))
                            .toList());
        });
    }

    /**
     * What a poll brought.
     *
     * @param body   the records, from {@link RecordShape#opening} to the last
     * @param count  how many
     * @param cursor where to read on
     */
    public record Polled(JsonOut body, int count, GroupCursor cursor) {}

    /** Reads on. */
    public CompletableFuture<Polled> poll(GroupCursor cursor, int maxBytes, int waitMs, RecordShape shape) {
        return poll(
                cursor,
                new PollPlan(
                        groups.pollRecordsMax(),
                        Math.min(maxBytes, groups.pollBytesMax()),
                        waitMs,
                        cursor,
                        false,
                        Map.of(),
                        Set.of()),
                shape);
    }

    /**
     * Where the member stands, in every partition that it has; waits for partitions if it has none.
     *
     * @param seeks where to go on instead; fails with {@link ProblemKind#ILLEGAL_STATE} when such a partition is not the member's
     */
    public CompletableFuture<GroupCursor> positions(GroupCursor cursor, Collection<Seek> seeks, int waitMs) {
        return Seek.resolve(seeks, reads.reads())
                .thenCompose(sought -> poll(
                        cursor,
                        new PollPlan(PollPlan.POSITIONS_ONLY, 1, waitMs, cursor, false, sought, Set.of()),
                        NO_RECORDS))
                .thenApply(Polled::cursor);
    }

    private CompletableFuture<Polled> poll(GroupCursor cursor, PollPlan plan, RecordShape shape) {
        return signer().thenCompose(signer -> {
            CompletableFuture<Polled> polled = new CompletableFuture<>();
            GroupMember member = member(cursor, signer);
            member.submit(() -> member.poll(new MemberPoll(member, plan, new FutureSink(shape, polled)), null, null));
            return polled;
        });
    }

    private record FutureSink(RecordShape shape, CompletableFuture<Polled> polled) implements PollSink {

        @Override
        public void answer(PollRecords records, Result result) {
            polled.complete(new Polled(records.out(), records.count(), result.cursor()));
        }

        @Override
        public void fail(Problem problem) {
            polled.completeExceptionally(problem.exception());
        }
    }

    private GroupMember member(GroupCursor cursor, CursorSigner signer) {
        MemberKey key = new MemberKey(cursor.group(), cursor.memberId());
        return groups.takeOver(key, cursor.sessionTimeoutMs(), cursor, groups.services(signer));
    }

    /** A poll of this member that waits for records ends with what it has. */
    public void hurry(GroupCursor cursor) {
        GroupMember member = groups.find(new MemberKey(cursor.group(), cursor.memberId()));
        if (member != null) {
            member.submit(member::hurry);
        }
    }

    /**
     * Commits, be it before what is committed.
     *
     * @param chosen what to commit; null for everything that was read, up to the cursor
     */
    public CompletableFuture<Void> commit(GroupCursor cursor, @Nullable Map<TopicPartition, OffsetCommit> chosen) {
        if (chosen == null) {
            return commitAs(cursor, Map.of());
        }
        List<TopicPartition> named = List.copyOf(chosen.keySet());
        return groups.partitions(named, 0).thenCompose(found -> {
            Map<MemberPartition, OffsetCommit> commits = new LinkedHashMap<>();
            found.forEach(partition -> commits.put(partition, chosen.get(partition.partition())));
            return commits.isEmpty() ? CompletableFuture.completedFuture(null) : commitAs(cursor, commits);
        });
    }

    private CompletableFuture<Void> commitAs(GroupCursor cursor, Map<MemberPartition, OffsetCommit> chosen) {
        return signer().thenCompose(signer -> {
            CompletableFuture<Void> committed = new CompletableFuture<>();
            GroupMember member = member(cursor, signer);
            MemberAck ack = new MemberAck(
                    cursor,
                    chosen,
                    true,
                    groups.ackDeadlineNanos(),
                    done -> finish(cursor.group(), done, committed),
                    problem -> committed.completeExceptionally(problem.exception()));
            member.submit(() -> member.ack(ack));
            return committed;
        });
    }

    private void finish(String group, MemberAck ack, CompletableFuture<Void> committed) {
        List<TopicPartition> moved = new ArrayList<>();
        Map<TopicPartition, Long> positions = new LinkedHashMap<>();
        for (MemberAck.NotCommitted one : ack.notCommitted()) {
            TopicPartition partition = one.position().partition();
            if (one.error() != Errors.NONE) {
                committed.completeExceptionally(
                        KafkaProblems.of(one.error(), String.valueOf(partition)).exception());
                return;
            }
            if (one.position().nextOffset() > 0 || !ack.chosen().isEmpty()) {
                moved.add(partition);
            }
            positions.put(partition, one.position().nextOffset());
        }
        if (moved.isEmpty()) {
            committed.complete(null);
            return;
        }
        if (!ack.chosen().isEmpty()) {
            committed.completeExceptionally(GroupProblems.anothers(moved).exception());
            return;
        }
        // Partitions that went to others matter only if something of them was read that is not committed.
        committed(group, moved).whenComplete((known, error) -> {
            moved.removeIf(partition -> known != null
                    && known.containsKey(partition)
                    && known.get(partition).offset() >= positions.getOrDefault(partition, 0L));
            if (moved.isEmpty()) {
                committed.complete(null);
            } else {
                committed.completeExceptionally(GroupProblems.moved(moved).exception());
            }
        });
    }

    /** What a group has committed; of partitions without a commit there is nothing. Null partitions for all. */
    public CompletableFuture<Map<TopicPartition, OffsetCommit>> committed(
            String group, @Nullable Collection<TopicPartition> partitions) {
        CompletableFuture<@Nullable List<MemberPartition>> named = partitions == null
                ? CompletableFuture.completedFuture(null)
                : groups.partitions(partitions, 0).thenApply(found -> found);
        return named.thenCompose(found -> groups.calls()
                .committed(new MemberKey(group, ""), 0, found)
                .thenCompose(answer -> groups.named(answer)));
    }

    /** Leaves the group. What was not committed is read again by others. */
    public CompletableFuture<Void> leave(GroupCursor cursor) {
        MemberKey key = new MemberKey(cursor.group(), cursor.memberId());
        GroupMember member = groups.find(key);
        if (cursor.subscription().isAssigned()) {
            if (member != null) {
                member.submit(member::leave);
            }
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> left = new CompletableFuture<>();
        Consumer<CompletableFuture<Errors>> pass = leaving -> leaving.whenComplete((code, error) -> {
            if (error != null) {
                left.completeExceptionally(GroupCalls.cause(error));
            } else {
                left.complete(null);
            }
        });
        if (member == null) {
            pass.accept(groups.calls().leave(key));
        } else {
            member.submit(() -> pass.accept(member.leave()));
        }
        return left;
    }

    /** Whether a failure says that the member is out of its group: it can join anew. */
    public static boolean isGone(Throwable error) {
        return GroupCalls.cause(error) instanceof ProblemException known
                && known.problem().kind() == ProblemKind.MEMBER_GONE;
    }
}
