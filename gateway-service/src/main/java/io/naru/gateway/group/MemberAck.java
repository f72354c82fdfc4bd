package io.naru.gateway.group;

import io.naru.gateway.cursor.GroupCursor;
import io.naru.gateway.cursor.PartitionPosition;
import io.naru.gateway.format.JsonOut;
import io.naru.gateway.http.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** A cursor that a client has dealt with, and what became of it. Belongs to the member's mailbox. */
final class MemberAck {

    private final GroupCursor cursor;
    private final Map<MemberPartition, OffsetCommit> chosen;
    private final boolean mayGoBack;
    private final long deadlineNanos;
    private final Consumer<MemberAck> done;
    private final Consumer<Problem> failed;
    private boolean refused;
    private final List<PartitionPosition> committed = new ArrayList<>();
    private final List<NotCommitted> notCommitted = new ArrayList<>();

    /** A partition whose offset was not committed, and why. */
    record NotCommitted(PartitionPosition position, Errors error, String reason) {}

    MemberAck(GroupCursor cursor, long deadlineNanos, Consumer<MemberAck> done, Consumer<Problem> failed) {
        this(cursor, Map.of(), false, deadlineNanos, done, failed);
    }

    /**
     * A commit in the client's own words.
     *
     * @param chosen    offsets of the client's choice; if there are none, those of the cursor
     * @param mayGoBack whether offsets may be committed that lie before what is committed
     */
    MemberAck(
            GroupCursor cursor,
            Map<MemberPartition, OffsetCommit> chosen,
            boolean mayGoBack,
            long deadlineNanos,
            Consumer<MemberAck> done,
            Consumer<Problem> failed) {
        this.cursor = cursor;
        this.chosen = chosen;
        this.mayGoBack = mayGoBack;
        this.deadlineNanos = deadlineNanos;
        this.done = done;
        this.failed = failed;
    }

    GroupCursor cursor() {
        return cursor;
    }

    /** Offsets of the client's choice; none for those of the cursor. */
    Map<MemberPartition, OffsetCommit> chosen() {
        return chosen;
    }

    boolean mayGoBack() {
        return mayGoBack;
    }

    /** What was not committed, and why. */
    List<NotCommitted> notCommitted() {
        return notCommitted;
    }

    boolean isLate(long nowNanos) {
        return nowNanos - deadlineNanos > 0;
    }

    /** The coordinator has refused it, and the member's epoch has been asked for since. */
    void refused() {
        refused = true;
    }

    boolean hasBeenRefused() {
        return refused;
    }

    void committed(PartitionPosition position) {
        committed.add(position);
    }

    void notCommitted(PartitionPosition position, Errors error, String reason) {
        notCommitted.add(new NotCommitted(position, error, reason));
    }

    /** Begins anew after a try that did not work. */
    void forgetOutcome() {
        committed.clear();
        notCommitted.clear();
    }

    boolean isWhole() {
        return notCommitted.isEmpty();
    }

    void succeed() {
        done.accept(this);
    }

    void fail(Problem problem) {
        failed.accept(problem);
    }

    /** Writes {@code "committed":[…]}. */
    void writeCommitted(JsonOut out) {
        out.ascii("\"committed\":[");
        boolean first = true;
        for (PartitionPosition position : committed) {
            first = comma(out, first);
            position(out, position).put('}');
        }
        out.put(']');
    }

    /** Writes {@code "not_committed":[…]}. */
    void writeNotCommitted(JsonOut out) {
        out.ascii("\"not_committed\":[");
        boolean first = true;
        for (NotCommitted one : notCommitted) {
            first = comma(out, first);
            position(out, one.position())
                    .ascii(",\"reason\":")
                    .string(one.reason())
                    .put('}');
        }
        out.put(']');
    }

    private static boolean comma(JsonOut out, boolean first) {
        if (!first) {
            out.put(',');
        }
        return false;
    }

    private static JsonOut position(JsonOut out, PartitionPosition position) {
        TopicPartition partition = position.partition();
        return out.ascii("{\"topic\":")
                .string(partition.topic())
                .ascii(",\"partition\":")
                .number(partition.partition())
                .ascii(",\"offset\":")
                .number(position.nextOffset());
    }
}
