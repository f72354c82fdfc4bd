package io.naru.system.ledger;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/groups/{g}/poll}: the cursor of one answer acknowledges it with the next request. */
final class NativeMember extends LedgerMember {

    private @Nullable String cursor;
    private volatile List<JsonNode> given = List.of();
    private volatile String last = "";

    NativeMember(String name, String group, String topic, RoundRobin balancer, DeliveryLedger ledger) {
        super(name, group, topic, balancer, ledger);
    }

    @Override
    void step() throws IOException {
        ObjectNode request = JSON.createObjectNode();
        request.put("max_records", RECORDS_MAX).put("wait_ms", WAIT_MS).put("session_timeout_ms", SESSION_TIMEOUT_MS);
        if (cursor == null) {
            request.put("from", "earliest").putArray("topics").add(topic);
        } else {
            request.put("ack", cursor);
        }
        long asked = ledger.moment();
        RoundRobin.Answer answer = send("POST", "/v1/groups/" + group + "/poll", request.toString());
        if (answer.status() == 409) {
            // Out of the group: joins anew; what was not acknowledged comes to somebody else.
            cursor = null;
            given = List.of();
        } else if (answer.status() == 200) {
            JsonNode body = JSON.readTree(answer.text());
            ledger.acked("by " + name, whole(body.path("not_committed")));
            ledger.delivered(name, asked, values(body.required("records")));
            cursor = body.required("cursor").asString();
            last = body.path("member").asString() + " " + body.path("state") + " " + body.path("assignment");
            List<JsonNode> next = new ArrayList<>();
            body.required("records").forEach(next::add);
            given = next;
        }
    }

    /** What was given, but for partitions that could not be acknowledged any more. */
    private List<String> whole(JsonNode notCommitted) {
        Set<Integer> left = new HashSet<>();
        notCommitted.forEach(one -> left.add(one.required("partition").asInt()));
        return given.stream()
                .filter(record -> !left.contains(record.required("partition").asInt()))
                .map(record -> record.required("value").asString())
                .toList();
    }

    @Override
    public synchronized String toString() {
        return super.toString() + "\n    " + last;
    }

    @Override
    Collection<String> unacked() {
        return given.stream().map(record -> record.required("value").asString()).toList();
    }
}
