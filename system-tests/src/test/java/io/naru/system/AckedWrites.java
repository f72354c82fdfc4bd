package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The ledger of a fault test: what was sent, and where the server said it is. At the end every acknowledged value must
 * be there exactly once, where it was said to be, and nothing may be there that was not sent, nor twice.
 */
final class AckedWrites {
    private final Set<String> sent = ConcurrentHashMap.newKeySet();
    private final Map<String, String> acked = new ConcurrentHashMap<>();

    /** Before {@code value}, which no other write has, leaves. */
    void sending(String value) {
        if (!sent.add(value)) {
            throw new IllegalArgumentException(value + " is sent twice");
        }
    }

    /** When the server has acknowledged it. */
    void acked(String value, int partition, long offset) {
        acked.put(value, partition + "@" + offset);
    }

    int ackedCount() {
        return acked.size();
    }

    /** Compares with all that a consumer finds in the topic. */
    void assertKeptBy(List<ConsumerRecord<String, String>> stored) {
        Map<String, String> places = new HashMap<>();
        for (ConsumerRecord<String, String> record : stored) {
            String place = record.partition() + "@" + record.offset();
            String before = places.put(record.value(), place);
            assertThat(before)
                    .as("%s is at %s and again at", record.value(), place)
                    .isNull();
        }
        assertThat(places).as("acknowledged writes").containsAllEntriesOf(acked);
        assertThat(sent).as("nothing is there that was not sent").containsAll(places.keySet());
    }
}
