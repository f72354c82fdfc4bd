package io.naru.gateway.group;

import io.naru.gateway.cursor.CursorKey;
import io.naru.gateway.cursor.CursorSigner;
import io.naru.gateway.cursor.GroupCursor;
import io.naru.gateway.cursor.Subscription;
import io.naru.gateway.http.BodyReader;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.RequestObject;
import io.naru.gateway.http.Route;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/groups/{g}/poll}. */
final class PollRoute implements Route {

    private final BodyReader bodies;
    private final GroupBodies parser;
    private final CursorKey cursors;
    private final Groups groups;

    PollRoute(BodyReader bodies, GroupBodies parser, CursorKey cursors, Groups groups) {
        this.bodies = bodies;
        this.parser = parser;
        this.cursors = cursors;
        this.groups = groups;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        exchange.query().allow();
        String group = Groups.groupOf(exchange);
        bodies.read(exchange, (bytes, length) -> {
            PollRequest request = parser.poll(bytes, length);
            cursors.whenReady(exchange, signer -> poll(new Call(exchange, group, request, System.nanoTime()), signer));
        });
    }

    /** A poll that has been read. */
    private record Call(Exchange exchange, String group, PollRequest request, long begunNanos) {

        /** How much of the time to wait is left. */
        int waitMs() {
            return (int) Math.max(0, request.waitMs() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos));
        }

        /** Goes on with what a future brings; what fails is answered. */
        <T> void then(CompletableFuture<T> future, Consumer<T> next) {
            future.whenComplete((value, error) -> {
                if (error != null) {
                    exchange.fail(error);
                    return;
                }
                try {
                    next.accept(value);
                } catch (RuntimeException e) {
                    exchange.fail(e);
                }
            });
        }
    }

    private void poll(Call call, CursorSigner signer) {
        PollRequest request = call.request();
        GroupCursor cursor = decode(signer, request.cursor(), call.group(), "/cursor");
        GroupCursor ack = decode(signer, request.ack(), call.group(), "/ack");
        GroupCursor base = cursor != null ? cursor : ack;
        if (cursor != null && ack != null && !cursor.memberId().equals(ack.memberId())) {
            throw RequestObject.invalidField("/ack is of another member than /cursor");
        }
        String memberId = request.member();
        if (base != null && memberId != null && !base.memberId().equals(memberId)) {
            throw RequestObject.invalidField(
                    (cursor != null ? "/cursor" : "/ack") + " is of another member than /member; leave /member out");
        }
        GroupServices services = groups.services(signer);
        if (base == null && memberId == null) {
            join(call, services);
            return;
        }
        MemberKey key = new MemberKey(call.group(), base != null ? base.memberId() : String.valueOf(memberId));
        if (request.assign().isEmpty()) {
            start(groups.takeOver(key, request.sessionTimeoutMs(), base, services), call, base, ack);
        } else {
            call.then(groups.partitions(request.assign(), request.waitMs()), partitions -> {
                GroupMember member = groups.takeOver(key, request.sessionTimeoutMs(), base, services);
                member.submit(() -> member.choose(partitions));
                start(member, call, base, ack);
            });
        }
    }

    private void join(Call call, GroupServices services) {
        PollRequest request = call.request();
        Subscription subscription = request.subscription();
        if (subscription == null) {
            throw RequestObject.invalidField(
                    "/topics is missing: a member that joins says what it reads, by topics or pattern,"
                            + " or by assign for partitions of its own choice");
        }
        boolean earliest = Boolean.TRUE.equals(request.fromEarliest());
        if (subscription.isAssigned()) {
            call.then(
                    groups.partitions(request.assign(), request.waitMs()),
                    partitions -> start(
                            groups.assign(call.group(), partitions, request.sessionTimeoutMs(), earliest, services),
                            call,
                            null,
                            null));
        } else {
            call.then(
                    groups.expectTopics(subscription, request.waitMs()),
                    nothing -> start(
                            groups.join(call.group(), subscription, request.sessionTimeoutMs(), earliest, services),
                            call,
                            null,
                            null));
        }
    }

    private void start(GroupMember member, Call call, @Nullable GroupCursor base, @Nullable GroupCursor ack) {
        List<Seek> seeks = call.request().seek();
        if (seeks.isEmpty()) {
            start(member, call, base, ack, Map.of());
        } else {
            call.then(
                    Seek.resolve(seeks, member.services().reads().reads()),
                    sought -> start(member, call, base, ack, sought));
        }
    }

    private void start(
            GroupMember member,
            Call call,
            @Nullable GroupCursor base,
            @Nullable GroupCursor ack,
            Map<TopicPartition, Long> sought) {
        PollRequest request = call.request();
        PollPlan plan = new PollPlan(
                request.maxRecords(),
                request.maxBytes(),
                call.waitMs(),
                base,
                request.cursor() != null && sought.isEmpty(),
                sought,
                request.pause());
        member.submit(() -> {
            NativeSink sink = new NativeSink(call.exchange(), request, base, member.services());
            MemberPoll poll = new MemberPoll(member, plan, sink);
            MemberAck pending = ack == null ? null : poll.ack(ack, groups.ackDeadlineNanos());
            member.poll(poll, request, pending);
        });
    }

    private static @Nullable GroupCursor decode(
            CursorSigner signer, @Nullable String text, String group, String field) {
        return text == null ? null : Groups.decode(signer, text, group, field);
    }
}
