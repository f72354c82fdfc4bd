package io.naru.coordinator.group;

import io.naru.coordinator.group.state.Delivery;
import io.naru.coordinator.group.state.Later;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Someone who waits for an answer. */
final class Reply<R> implements Later<R> {

    private @Nullable R answer;

    /** Hands an answer over; nobody gets two. */
    @SuppressWarnings("unchecked")
    static <R> void take(Delivery<R> delivery) {
        Reply<R> reply = (Reply<R>) delivery.to();
        if (reply.answer != null) {
            throw new AssertionError("answered twice: " + reply.answer + ", then " + delivery.response());
        }
        reply.answer = delivery.response();
    }

    boolean waits() {
        return answer == null;
    }

    R get() {
        return Objects.requireNonNull(answer, "no answer yet");
    }
}
