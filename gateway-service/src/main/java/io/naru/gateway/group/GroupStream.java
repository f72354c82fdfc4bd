package io.naru.gateway.group;

import io.naru.gateway.cursor.GroupCursor;
import io.naru.gateway.cursor.Subscription;
import io.naru.gateway.format.JsonOut;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.MediaTypes;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.http.ResponseStream;
import io.naru.gateway.read.RecordFormats;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A member whose client takes records as they come. It polls as any client would, one poll at a time and none while the client is
 * slow, so a stream holds one answer at most. With automatic acknowledgement a poll acknowledges what the one before brought, once all
 * of that was given to the socket. The member leaves when its client does. Lives in a mailbox of its own; a stream that waits holds no
 * thread.
 */
final class GroupStream implements PollSink {

    private static final int BYTES_MAX = 256 * 1024;
    private static final int FIRST_WAIT_MS = 1_000;
    private static final int WAIT_MS = 30_000;

    private static final long RETRY_MS = 250;

    private final Exchange exchange;
    private final Options options;
    private final Groups groups;
    private final GroupServices services;
    private final StreamLines lines;
    private final Mailbox mailbox;
    private final Runnable ender = this::closeSoon;
    private final long joinByNanos;
    private GroupMember member;
    private @Nullable GroupCursor at;
    private @Nullable GroupCursor owed;
    private PollPlan.Shown shown = PollPlan.Shown.NOTHING;
    private @Nullable ResponseStream to;
    private boolean resuming;
    private boolean polling;
    private boolean closing;
    private boolean over;
    private boolean quiet;

    /**
     * What is asked for.
     *
     * @param acks   whether what was sent counts as dealt with
     * @param events server-sent events instead of lines
     */
    record Options(
            String group,
            Subscription subscription,
            int sessionTimeoutMs,
            boolean fromEarliest,
            boolean acks,
            boolean events,
            RecordFormats formats) {}

    /**
     * A stream, not begun.
     *
     * @param resumed where an earlier stream ended; its member goes on if it is still there
     */
    GroupStream(
            Exchange exchange, Options options, @Nullable GroupCursor resumed, Groups groups, GroupServices services) {
        this.exchange = exchange;
        this.options = options;
        this.groups = groups;
        this.services = services;
        this.lines = new StreamLines(options.events(), options.formats());
        this.mailbox = new Mailbox(services.reads().workers());
        this.at = resumed;
        this.resuming = resumed != null;
        this.joinByNanos = groups.ackDeadlineNanos();
        this.member = resumed == null
                ? join()
                : groups.takeOver(
                        new MemberKey(options.group(), resumed.memberId()),
                        options.sessionTimeoutMs(),
                        resumed,
                        services);
    }

    private GroupMember join() {
        return groups.join(
                options.group(), options.subscription(), options.sessionTimeoutMs(), options.fromEarliest(), services);
    }

    void begin() {
        try {
            services.reads().waiting().enter(ender);
        } catch (ProblemException tooMany) {
            member.submit(member::leave);
            exchange.fail(tooMany);
            return;
        }
        submit(this::next);
    }

    private void submit(Runnable task) {
        mailbox.submit(task);
    }

    /** Polls, if the client has taken what the last poll brought. */
    private void next() {
        ResponseStream stream = to;
        if (over) {
            return;
        }
        if (closing) {
            end(lines.closing());
        } else if (stream != null && owed != null && options.acks()) {
            polling = true;
            stream.whenHandedOver(() -> submit(this::poll));
        } else if (stream != null && stream.isFull()) {
            polling = true;
            stream.whenDrained(() -> submit(this::poll));
        } else {
            poll();
        }
    }

    private void poll() {
        ResponseStream stream = to;
        if (over || (stream != null && stream.isOver())) {
            leave();
            return;
        }
        polling = true;
        PollPlan plan = new PollPlan(
                groups.pollRecordsMax(),
                Math.min(BYTES_MAX, groups.pollBytesMax()),
                stream == null ? FIRST_WAIT_MS : WAIT_MS,
                at,
                false,
                Map.of(),
                Set.of(),
                shown);
        GroupCursor ack = options.acks() ? owed : null;
        GroupMember asked = member;
        asked.submit(() -> {
            MemberPoll poll = new MemberPoll(asked, plan, this);
            asked.poll(poll, null, ack == null ? null : poll.ack(ack, groups.ackDeadlineNanos()));
        });
    }

    @Override
    public RecordShape shape() {
        return lines.shape();
    }

    @Override
    public void answer(PollRecords records, Result result) {
        submit(() -> answered(records, result));
    }

    @Override
    public void fail(Problem problem) {
        submit(() -> failed(problem));
    }

    private void answered(PollRecords records, Result result) {
        polling = false;
        if (over) {
            return;
        }
        if (to == null && !closing && isOutside(result.cursor())) {
            joinFurther(result.cursor());
            return;
        }
        if (!open()) {
            leave();
            return;
        }
        resuming = false;
        at = result.cursor();
        owed = null;
        MemberAck ack = result.ack();
        if (ack != null && !ack.isWhole()) {
            write(lines.notCommitted(ack));
        }
        rebalance(result);
        if (!result.gaps().isEmpty()) {
            write(lines.gaps(result.gaps()));
        }
        if (records.count() > 0) {
            owed = result.cursor();
            lines.endRecords(records.out());
            write(records.out());
            write(lines.cursor(result.cursor(), services.signer()));
        }
        next();
    }

    /** Whether the coordinator has said nothing yet. */
    private static boolean isOutside(GroupCursor cursor) {
        return cursor.memberEpoch() == HeartbeatRequests.JOIN_EPOCH;
    }

    /** Nothing has been answered yet, so that a coordinator that stays silent can be said with a status. */
    private void joinFurther(GroupCursor cursor) {
        if (System.nanoTime() - joinByNanos < 0) {
            at = cursor;
            next();
        } else {
            failed(GroupProblems.silentCoordinator(member.key()));
        }
    }

    /** Begins the answer with whatever comes first, so that a group that cannot be joined is refused with a status. */
    private boolean open() {
        if (to != null) {
            return true;
        }
        exchange.header("Cache-Control", "no-store").header("X-Accel-Buffering", "no");
        ResponseStream begun = ResponseStream.begin(
                exchange, 200, options.events() ? MediaTypes.SSE : MediaTypes.NDJSON, -1, () -> submit(this::leave));
        if (begun == null) {
            return false;
        }
        to = begun;
        begun.flushHead();
        quiet = true;
        signLater();
        return true;
    }

    private void rebalance(Result result) {
        Set<TopicPartition> owned = new LinkedHashSet<>();
        result.cursor().positions().forEach(position -> owned.add(position.partition()));
        Set<TopicPartition> revoking = new LinkedHashSet<>(result.revoking());
        owned.removeAll(revoking);
        Set<TopicPartition> assigned = new LinkedHashSet<>(owned);
        assigned.removeAll(shown.owned());
        Set<TopicPartition> wanted = new LinkedHashSet<>(revoking);
        wanted.removeAll(shown.revoking());
        Set<TopicPartition> revoked = new LinkedHashSet<>(shown.owned());
        revoked.addAll(shown.revoking());
        revoked.removeAll(owned);
        revoked.removeAll(revoking);
        tell("revoking", wanted);
        tell("revoked", revoked);
        tell("assigned", assigned);
        shown = new PollPlan.Shown(owned, revoking);
    }

    private void tell(String event, Set<TopicPartition> partitions) {
        if (!partitions.isEmpty()) {
            write(lines.partitions(event, partitions, member.key().memberId()));
        }
    }

    private void write(JsonOut out) {
        ResponseStream stream = to;
        if (stream != null) {
            quiet = false;
            stream.write(out.array(), 0, out.length());
        }
    }

    private void failed(Problem problem) {
        polling = false;
        if (over) {
            return;
        }
        if (resuming && problem.kind() == ProblemKind.MEMBER_GONE) {
            // The member left with its stream: another one goes on where that ended.
            resuming = false;
            member = join();
            poll();
        } else if (closing) {
            end(lines.closing());
        } else if (problem.retryAfterSeconds() > 0 && to != null) {
            // The cluster is busy with itself; the stream outlives that.
            services.reads().timer().newTimeout(t -> submit(this::next), RETRY_MS, TimeUnit.MILLISECONDS);
        } else if (to == null) {
            over = true;
            services.reads().waiting().leave(ender);
            member.submit(member::leave);
            exchange.fail(problem);
        } else {
            end(lines.problem(problem));
        }
    }

    private void signLater() {
        services.reads()
                .timer()
                .newTimeout(
                        t -> submit(this::sign),
                        services.properties().streamSignOfLife().toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /** Whether the client is still there shows only when something is sent. */
    private void sign() {
        ResponseStream stream = to;
        if (over || stream == null) {
            return;
        }
        if (stream.isOver()) {
            leave();
            return;
        }
        if (quiet) {
            byte[] sign = lines.signOfLife();
            stream.write(sign, 0, sign.length);
        }
        quiet = true;
        signLater();
    }

    private void closeSoon() {
        submit(this::close);
    }

    /** The gateway stops: a poll that waits ends by itself now. */
    private void close() {
        closing = true;
        if (!polling) {
            next();
        }
    }

    /** The last of the stream; what was sent is acknowledged first, and the member leaves. */
    private void end(JsonOut last) {
        ResponseStream stream = to;
        if (over) {
            return;
        }
        over = true;
        services.reads().waiting().leave(ender);
        GroupCursor unacked = options.acks() ? owed : null;
        GroupMember leaving = member;
        if (stream == null) {
            leaving.submit(leaving::leave);
            return;
        }
        stream.whenHandedOver(() -> leaving.submit(() -> {
            Runnable finish = () -> {
                leaving.leave();
                stream.write(last.array(), 0, last.length());
                stream.finish();
            };
            if (unacked == null || stream.isOver() || leaving.isGone()) {
                finish.run();
            } else {
                leaving.ack(new MemberAck(
                        unacked,
                        groups.ackDeadlineNanos(),
                        done -> leaving.submit(finish),
                        notTaken -> leaving.submit(finish)));
            }
        }));
    }

    /** The client has left: what it has not acknowledged others read. */
    private void leave() {
        if (!over) {
            over = true;
            services.reads().waiting().leave(ender);
            member.submit(member::leave);
        }
    }
}
