package io.naru.coordinator.group.state;

import io.naru.coordinator.record.CoordinatorRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * The records of one request, and the answers it makes possible. Each record takes effect as it is emitted, by replay, so that what
 * follows sees the state that a reader of the log will see. Nothing may fail after the first one: check everything before.
 */
public final class Changes {

    private final GroupTable table;
    private final List<CoordinatorRecord> records = new ArrayList<>();
    private final List<Delivery<?>> deliveries = new ArrayList<>();

    public Changes(GroupTable table) {
        this.table = table;
    }

    public void emit(CoordinatorRecord record) {
        table.replay(record);
        records.add(record);
    }

    public <R> void answer(Later<R> to, R response) {
        deliveries.add(new Delivery<>(to, response));
    }

    public <R> Outcome<R> outcome(R response) {
        return new Outcome<>(records, response, deliveries);
    }
}
