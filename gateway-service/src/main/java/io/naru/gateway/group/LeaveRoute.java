package io.naru.gateway.group;

import io.naru.gateway.cursor.CursorKey;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.KafkaProblems;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.http.Route;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** {@code DELETE /v1/groups/{g}/members/{m}}: the member leaves now; its partitions go to the others. */
final class LeaveRoute implements Route {

    private static final int MEMBER_SEGMENT = 4;

    private final CursorKey cursors;
    private final Groups groups;

    LeaveRoute(CursorKey cursors, Groups groups) {
        this.cursors = cursors;
        this.groups = groups;
    }

    @Override
    public void handle(Exchange exchange) {
        exchange.query().allow();
        MemberKey key = new MemberKey(Groups.groupOf(exchange), exchange.segment(MEMBER_SEGMENT));
        cursors.whenReady(exchange, signer -> {
            GroupServices services = groups.services(signer);
            GroupMember member = groups.find(key);
            CompletableFuture<Errors> left = new CompletableFuture<>();
            if (member == null) {
                pass(services.calls().leave(key), left);
            } else {
                member.submit(() -> pass(member.leave(), left));
            }
            left.whenComplete((code, failed) -> answer(exchange, key, code, failed));
        });
    }

    private static void pass(CompletableFuture<Errors> from, CompletableFuture<Errors> to) {
        from.whenComplete((code, error) -> {
            if (error == null) {
                to.complete(code);
            } else {
                to.completeExceptionally(GroupCalls.cause(error));
            }
        });
    }

    private static void answer(Exchange exchange, MemberKey key, @Nullable Errors code, @Nullable Throwable error) {
        if (error != null || code == null) {
            exchange.fail(error == null ? new IllegalStateException("no answer") : error);
        } else if (code == Errors.NONE) {
            exchange.answer(204);
        } else if (code == Errors.UNKNOWN_MEMBER_ID || code == Errors.GROUP_ID_NOT_FOUND) {
            exchange.fail(Problem.of(
                    ProblemKind.NO_SUCH_MEMBER,
                    "group " + key.group() + " has no member " + key.memberId()
                            + "; it has left or was taken out already"));
        } else {
            exchange.fail(KafkaProblems.of(code, null));
        }
    }
}
