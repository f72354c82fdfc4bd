package io.naru.gateway.group;

import io.naru.gateway.cursor.CursorKey;
import io.naru.gateway.cursor.CursorSigner;
import io.naru.gateway.cursor.GroupCursor;
import io.naru.gateway.cursor.Subscription;
import io.naru.gateway.http.BodyReader;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.Route;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
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
            exchange.suspend();
            cursors.signer().whenComplete((signer, error) -> {
                if (error != null) {
                    exchange.fail(error);
                    return;
                }
                try {
                    poll(exchange, group, request, signer);
                } catch (RuntimeException e) {
                    exchange.fail(e);
                }
            });
        });
    }

    private void poll(Exchange exchange, String group, PollRequest request, CursorSigner signer) {
        GroupCursor cursor = decode(signer, request.cursor(), group, "/cursor");
        GroupCursor ack = decode(signer, request.ack(), group, "/ack");
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
            join(exchange, group, request, services);
            return;
        }
        MemberKey key = new MemberKey(group, base != null ? base.memberId() : String.valueOf(memberId));
        start(groups.takeOver(key, request, base, services), exchange, request, base, ack);
    }

    private void join(Exchange exchange, String group, PollRequest request, GroupServices services) {
        Subscription subscription = request.subscription();
        if (subscription == null) {
            throw RequestObject.invalidField(
                    "/topics is missing: a member that joins says what it reads, by topics or pattern");
        }
        long began = System.nanoTime();
        groups.expectTopics(subscription, request.waitMs()).whenComplete((nothing, error) -> {
            if (error != null) {
                exchange.fail(error);
                return;
            }
            try {
                long spentMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
                PollRequest rest = request.withWaitMs((int) Math.max(0, request.waitMs() - spentMs));
                start(groups.join(group, request, subscription, services), exchange, rest, null, null);
            } catch (RuntimeException e) {
                exchange.fail(e);
            }
        });
    }

    private void start(
            GroupMember member,
            Exchange exchange,
            PollRequest request,
            @Nullable GroupCursor base,
            @Nullable GroupCursor ack) {
        member.submit(() -> {
            MemberPoll poll = new MemberPoll(member, member.services(), exchange, request, base);
            MemberAck pending = ack == null ? null : poll.ack(ack, groups.ackDeadlineNanos());
            member.poll(poll, request, pending);
        });
    }

    private static @Nullable GroupCursor decode(
            CursorSigner signer, @Nullable String text, String group, String field) {
        return text == null ? null : Groups.decode(signer, text, group, field);
    }
}
