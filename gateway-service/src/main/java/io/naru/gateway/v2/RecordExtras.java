package io.naru.gateway.v2;

import io.naru.gateway.produce.RecordInput;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What only records of Strimzi's bridge have: a time and headers. */
final class RecordExtras {

    private final List<Header> headers = new ArrayList<>(2);
    private long timestamp = RecordInput.NOW;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Header(byte[] name, byte @Nullable [] value) {}

    void timestamp(long ms) {
        timestamp = ms;
    }

    void header(byte[] name, byte @Nullable [] value) {
        headers.add(new Header(name, value));
    }

    void addTo(RecordInput record) {
        record.timestamp(timestamp);
        headers.forEach(header -> record.headers().add(header.name(), header.value()));
    }
}
