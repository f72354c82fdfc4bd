package io.naru.gateway.group;

import io.naru.gateway.cursor.PartitionPosition;
import io.naru.gateway.http.KafkaProblems;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.read.Isolation;
import io.naru.gateway.read.PartitionReads;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A member's committed offsets: asked for when it gets a partition, moved forward by acknowledgements, never back. Belongs to the
 * member's mailbox.
 */
final class MemberOffsets {

    private final GroupMember member;
    private final GroupServices services;
    private final Queue<MemberAck> acks = new ArrayDeque<>();
    private boolean asking;
    private boolean doubted;
    private boolean beginning;
    private boolean committing;

    MemberOffsets(GroupMember member, GroupServices services) {
        this.member = member;
        this.services = services;
    }

    void ack(MemberAck ack) {
        acks.add(ack);
    }

    /** What the coordinator is just saying may be old. */
    void doubt() {
        doubted = asking;
    }

    /** Everything that waits here ends. */
    void failAll(Problem problem) {
        MemberAck ack = acks.poll();
        while (ack != null) {
            ack.fail(problem);
            ack = acks.poll();
        }
    }

    boolean isBusy() {
        return asking || beginning || committing || !acks.isEmpty();
    }

    /** Does what can be done now. */
    void advance() {
        dropLate();
        if (member.isSynced()) {
            askCommitted();
            commitNext();
        }
    }

    private void dropLate() {
        long now = System.nanoTime();
        if (!committing && !acks.isEmpty() && acks.element().isLate(now)) {
            Problem known = member.lastProblem();
            acks.remove()
                    .fail(
                            known != null
                                    ? known
                                    : Problem.passing(
                                            ProblemKind.NOT_AVAILABLE_NOW,
                                            "the group's coordinator did not take the acknowledgement in time; it may or may "
                                                    + "not have taken effect. Repeat it"));
        }
    }

    private void askCommitted() {
        Map<MemberPartition, HeldPartition> unasked = new LinkedHashMap<>();
        for (HeldPartition partition : member.holdings().all()) {
            if (partition.committed() == HeldPartition.UNASKED) {
                unasked.put(partition.id(), partition);
            }
        }
        if (asking || unasked.isEmpty()) {
            return;
        }
        asking = true;
        MemberKey committer = member.membership().committer();
        services.calls()
                .committed(committer, member.membership().committerEpoch(), unasked.keySet())
                .whenComplete((answer, error) -> member.submit(() -> told(unasked, answer, error)));
    }

    private void told(
            Map<MemberPartition, HeldPartition> asked,
            @Nullable OffsetFetchResponseGroup answer,
            @Nullable Throwable error) {
        asking = false;
        if (doubted) {
            doubted = false;
            member.advance();
            return;
        }
        if (answer == null || error != null) {
            member.retrySoon(error == null ? null : KafkaProblems.of(GroupCalls.cause(error)));
            return;
        }
        Errors whole = Errors.forCode(answer.errorCode());
        if (whole != Errors.NONE) {
            member.coordinatorSaid(whole);
            return;
        }
        boolean unstable = false;
        Map<TopicPartition, MemberPartition> byName = new HashMap<>();
        Map<Uuid, String> names = new HashMap<>();
        for (MemberPartition partition : asked.keySet()) {
            byName.put(partition.partition(), partition);
            names.put(partition.topicId(), partition.partition().topic());
        }
        for (var topic : answer.topics()) {
            String name = topic.name().isEmpty() ? names.getOrDefault(topic.topicId(), "") : topic.name();
            for (var partition : topic.partitions()) {
                MemberPartition id = byName.get(new TopicPartition(name, partition.partitionIndex()));
                HeldPartition held = id == null ? null : member.holdings().find(id);
                if (held != asked.get(id)) {
                    // Lost and got back meanwhile: asked for anew.
                    unstable = true;
                } else if (held != null && partition.errorCode() == Errors.NONE.code()) {
                    held.committed(Math.max(HeldPartition.NONE, partition.committedOffset()));
                } else {
                    unstable |= held != null;
                }
            }
        }
        if (unstable) {
            member.retrySoon(null);
        } else {
            member.advance();
        }
    }

    /** Finds out where to begin in partitions of which nothing was committed. */
    void findBeginning(List<HeldPartition> partitions, boolean earliest) {
        if (beginning) {
            return;
        }
        beginning = true;
        Map<TopicPartition, Long> times = new HashMap<>();
        Map<TopicPartition, MemberPartition> ids = new HashMap<>();
        for (HeldPartition partition : partitions) {
            times.put(partition.id().partition(), earliest ? PartitionReads.EARLIEST : PartitionReads.LATEST);
            ids.put(partition.id().partition(), partition.id());
        }
        services.reads()
                .reads()
                .offsets(times, Isolation.READ_UNCOMMITTED)
                .whenComplete((found, error) -> member.submit(() -> begin(ids, found, error, earliest)));
    }

    private void begin(
            Map<TopicPartition, MemberPartition> ids,
            @Nullable Map<TopicPartition, Long> found,
            @Nullable Throwable error,
            boolean earliest) {
        beginning = false;
        if (found == null || error != null) {
            member.retrySoon(error == null ? null : KafkaProblems.of(GroupCalls.cause(error)));
            return;
        }
        Map<MemberPartition, Long> ends = new LinkedHashMap<>();
        found.forEach((partition, offset) -> {
            MemberPartition id = ids.get(partition);
            HeldPartition held = id == null ? null : member.holdings().find(id);
            if (held != null) {
                held.beginning(Math.max(0, offset));
                ends.put(held.id(), Math.max(0, offset));
            }
        });
        // A member that begins at the end says in the group where that was: if the partition moved before anything was
        // acknowledged, the
        // next member would begin at a later end, and what came between would never be read.
        if (!earliest && !ends.isEmpty()) {
            Map<MemberPartition, OffsetCommit> commits = new LinkedHashMap<>();
            ends.forEach((partition, end) -> commits.put(partition, OffsetCommit.of(end)));
            services.calls()
                    .commit(member.membership().committer(), member.membership().committerEpoch(), commits)
                    .whenComplete((answer, failed) -> member.submit(() -> begun(commits, answer)));
        }
        member.advance();
    }

    private void begun(Map<MemberPartition, OffsetCommit> ends, @Nullable OffsetCommitResponseData answer) {
        if (answer != null) {
            results(answer, ends).forEach((partition, error) -> {
                HeldPartition held = member.holdings().find(partition);
                OffsetCommit end = ends.get(partition);
                if (error == Errors.NONE && held != null && end != null) {
                    held.committed(end.offset());
                }
            });
        }
    }

    private void commitNext() {
        MemberAck ack = acks.peek();
        if (ack == null || committing) {
            return;
        }
        ack.forgetOutcome();
        Map<MemberPartition, OffsetCommit> offsets = new LinkedHashMap<>(ack.chosen());
        if (offsets.isEmpty() && !takePositions(ack, offsets)) {
            return;
        }
        if (offsets.isEmpty()) {
            finish(ack);
            return;
        }
        committing = true;
        services.calls()
                .commit(member.membership().committer(), member.membership().committerEpoch(), offsets)
                .whenComplete((answer, error) -> member.submit(() -> committed(ack, offsets, answer, error)));
    }

    /** What of a cursor is to be committed; false when that is not known yet. */
    private boolean takePositions(MemberAck ack, Map<MemberPartition, OffsetCommit> offsets) {
        for (PartitionPosition position : ack.cursor().positions()) {
            HeldPartition held = member.holdings().find(new MemberPartition(position.topicId(), position.partition()));
            if (position.nextOffset() < 0) {
                continue;
            }
            if (held == null) {
                ack.notCommitted(
                        position,
                        Errors.NONE,
                        "the partition is not the member's any more; its next owner reads it again");
            } else if (held.committed() == HeldPartition.UNASKED) {
                return false;
            } else if (position.nextOffset() == held.committed()
                    || (position.nextOffset() < held.committed() && !mayGoBack(ack, held))) {
                ack.committed(new PartitionPosition(position.topicId(), position.partition(), held.committed()));
            } else {
                offsets.put(held.id(), OffsetCommit.of(position.nextOffset()));
            }
        }
        return true;
    }

    /** A cursor that tells of an earlier time with the partition cannot take back what others have committed since. */
    private static boolean mayGoBack(MemberAck ack, HeldPartition held) {
        return ack.mayGoBack() && ack.cursor().memberEpoch() >= held.gainedEpoch();
    }

    private void committed(
            MemberAck ack,
            Map<MemberPartition, OffsetCommit> offsets,
            @Nullable OffsetCommitResponseData answer,
            @Nullable Throwable error) {
        committing = false;
        if (answer == null || error != null) {
            member.retrySoon(error == null ? null : KafkaProblems.of(GroupCalls.cause(error)));
            return;
        }
        Map<MemberPartition, Errors> results = results(answer, offsets);
        for (Map.Entry<MemberPartition, Errors> one : results.entrySet()) {
            // Of a partition that is another's the coordinator says the same as of an old epoch, however new that is.
            boolean anothers = isAnothers(one.getKey(), one.getValue()) && ack.hasBeenRefused();
            if (isOfTheMember(one.getValue()) && !anothers) {
                ack.refused();
                member.coordinatorSaid(one.getValue());
                return;
            }
        }
        offsets.forEach((partition, commit) -> {
            long offset = commit.offset();
            Errors result = results.getOrDefault(partition, Errors.UNKNOWN_SERVER_ERROR);
            PartitionPosition position = new PartitionPosition(partition.topicId(), partition.partition(), offset);
            if (result == Errors.NONE) {
                HeldPartition held = member.holdings().find(partition);
                if (held != null && ack.mayGoBack()) {
                    held.recommitted(offset);
                } else if (held != null) {
                    held.committed(offset);
                }
                ack.committed(position);
            } else if (isAnothers(partition, result)) {
                ack.notCommitted(position, Errors.NONE, "the partition is another member's");
            } else {
                ack.notCommitted(position, result, result.name() + ": " + result.message());
            }
        });
        finish(ack);
    }

    private boolean isAnothers(MemberPartition partition, Errors error) {
        return error == Errors.STALE_MEMBER_EPOCH && member.holdings().find(partition) == null;
    }

    private void finish(MemberAck ack) {
        acks.remove(ack);
        ack.succeed();
        member.acked();
        member.advance();
    }

    /** Errors that concern the member or its coordinator rather than one partition: all partitions have the same. */
    private static boolean isOfTheMember(Errors error) {
        return error == Errors.UNKNOWN_MEMBER_ID
                || error == Errors.STALE_MEMBER_EPOCH
                || error == Errors.FENCED_MEMBER_EPOCH
                || error == Errors.ILLEGAL_GENERATION
                || error == Errors.REBALANCE_IN_PROGRESS
                || error == Errors.GROUP_ID_NOT_FOUND
                || GroupCalls.passes(error);
    }

    private static Map<MemberPartition, Errors> results(
            OffsetCommitResponseData answer, Map<MemberPartition, OffsetCommit> asked) {
        Map<TopicPartition, MemberPartition> byName = new HashMap<>();
        Map<Uuid, String> names = new HashMap<>();
        for (MemberPartition partition : asked.keySet()) {
            byName.put(partition.partition(), partition);
            names.put(partition.topicId(), partition.partition().topic());
        }
        Map<MemberPartition, Errors> results = new HashMap<>();
        for (var topic : answer.topics()) {
            String name = topic.name().isEmpty() ? names.getOrDefault(topic.topicId(), "") : topic.name();
            for (var partition : topic.partitions()) {
                MemberPartition id = byName.get(new TopicPartition(name, partition.partitionIndex()));
                if (id != null) {
                    results.put(id, Errors.forCode(partition.errorCode()));
                }
            }
        }
        return results;
    }
}
