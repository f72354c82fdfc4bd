package io.naru.gateway.group;

import io.naru.gateway.cursor.CursorKey;
import io.naru.gateway.cursor.CursorSigner;
import io.naru.gateway.cursor.GroupCursor;
import io.naru.gateway.format.JsonOut;
import io.naru.gateway.http.BodyReader;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.MemoryBudget;
import io.naru.gateway.http.Route;
import java.io.IOException;

/** {@code POST /v1/groups/{g}/ack}: commits what was given out up to a cursor. */
final class AckRoute implements Route {

    private final BodyReader bodies;
    private final GroupBodies parser;
    private final CursorKey cursors;
    private final Groups groups;
    private final MemoryBudget memory;

    AckRoute(BodyReader bodies, GroupBodies parser, CursorKey cursors, Groups groups, MemoryBudget memory) {
        this.bodies = bodies;
        this.parser = parser;
        this.cursors = cursors;
        this.groups = groups;
        this.memory = memory;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        exchange.query().allow();
        String group = Groups.groupOf(exchange);
        bodies.read(exchange, (bytes, length) -> {
            String text = parser.ack(bytes, length);
            cursors.whenReady(exchange, signer -> ack(exchange, Groups.decode(signer, text, group, "/cursor"), signer));
        });
    }

    private void ack(Exchange exchange, GroupCursor cursor, CursorSigner signer) {
        MemberKey key = new MemberKey(cursor.group(), cursor.memberId());
        GroupMember member = groups.takeOver(key, -1, cursor, groups.services(signer));
        MemberAck ack =
                new MemberAck(cursor, groups.ackDeadlineNanos(), done -> answer(exchange, done), exchange::fail);
        member.submit(() -> member.ack(ack));
    }

    private void answer(Exchange exchange, MemberAck ack) {
        JsonOut out = new JsonOut(512);
        out.put('{');
        ack.writeCommitted(out);
        out.put(',');
        ack.writeNotCommitted(out);
        out.ascii("}\n");
        PollAnswer.send(exchange, out, memory);
    }
}
