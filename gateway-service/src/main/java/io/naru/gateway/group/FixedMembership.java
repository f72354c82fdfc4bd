package io.naru.gateway.group;

import io.naru.gateway.cursor.Subscription;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;

/**
 * Partitions that the client has chosen itself. Nobody else is asked, no heartbeat is sent, nothing is ever taken away; offsets are
 * committed as by anyone, which the coordinator takes as long as the group has no members.
 */
final class FixedMembership implements Membership {

    /** Of those who are no members. */
    private static final int NO_EPOCH = -1;

    private final GroupMember member;
    private final MemberKey nobody;

    FixedMembership(GroupMember member) {
        this.member = member;
        this.nobody = new MemberKey(member.key().group(), "");
    }

    @Override
    public boolean isSynced() {
        return true;
    }

    @Override
    public int epoch() {
        return 0;
    }

    @Override
    public Subscription subscription() {
        return Subscription.ASSIGNED;
    }

    @Override
    public void subscribe(Subscription wanted) {
        if (!wanted.isAssigned()) {
            throw Problem.of(
                            ProblemKind.ILLEGAL_STATE,
                            "this member reads partitions that its client has chosen; to subscribe to topics, poll without "
                                    + "member and cursor")
                    .exception();
        }
    }

    @Override
    public MemberKey committer() {
        return nobody;
    }

    @Override
    public int committerEpoch() {
        return NO_EPOCH;
    }

    @Override
    public void polled() {
        // Nobody waits for a sign of life.
    }

    @Override
    public void changed() {
        // Nobody else knows what it holds.
    }

    @Override
    public void nudged() {
        // Nothing is shared with others.
    }

    @Override
    public void retry() {
        member.later(GroupMember.RETRY_MS, member::advance);
    }

    @Override
    public void refused(Errors error) {
        member.offsets()
                .failAll(Problem.of(
                        ProblemKind.ILLEGAL_STATE,
                        "the group's coordinator does not take the commit (" + error.name()
                                + "): the group has members, and while it has only they commit. Choose partitions in a group "
                                + "of its own"));
        member.advance();
    }

    @Override
    public CompletableFuture<Errors> leave() {
        return CompletableFuture.completedFuture(Errors.NONE);
    }

    @Override
    public void lapse() {
        // There is nothing to leave.
    }

    @Override
    public void end() {
        // There is nothing to stop.
    }
}
