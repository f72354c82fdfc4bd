package io.naru.coordinator.group.state;

import io.naru.coordinator.record.CoordinatorRecord;
import java.util.List;

/**
 * What a request came to. The state has moved with the records already; the response and the deliveries may leave when the log has them.
 * Whoever cannot append them must discard the state and load it anew.
 *
 * @param records    to append, in order; often none
 * @param response   answer to the request
 * @param deliveries answers to requests that had to wait, this one perhaps among them
 */
public record Outcome<R>(List<CoordinatorRecord> records, R response, List<Delivery<?>> deliveries) {

    /** Copies the lists. */
    public Outcome {
        records = List.copyOf(records);
        deliveries = List.copyOf(deliveries);
    }

    /** An answer that changes nothing. */
    public static <R> Outcome<R> answer(R response) {
        return new Outcome<>(List.of(), response, List.of());
    }
}
