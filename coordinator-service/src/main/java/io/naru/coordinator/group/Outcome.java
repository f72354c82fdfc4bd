package io.naru.coordinator.group;

import io.naru.coordinator.record.CoordinatorRecord;
import java.util.List;

/**
 * What a request came to. The state has moved with the records already; the response may leave when the log has them. Whoever cannot
 * append them must discard the state and load it anew.
 *
 * @param records  to append, in order; often none
 * @param response answer to the request
 */
public record Outcome<R>(List<CoordinatorRecord> records, R response) {

    /** Copies the list. */
    public Outcome {
        records = List.copyOf(records);
    }

    /** An answer that changes nothing. */
    public static <R> Outcome<R> answer(R response) {
        return new Outcome<>(List.of(), response);
    }
}
