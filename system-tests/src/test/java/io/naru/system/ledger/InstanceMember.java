package io.naru.system.ledger;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * {@code /consumers/{g}/instances/{i}}: reads, then commits everything that it was given; or, with automatic commits, reads on, and does
 * not learn what became of the commit.
 */
final class InstanceMember extends LedgerMember {

    private static final int BYTES_MAX = 160;

    private final String path;
    private final boolean autoCommit;
    private boolean created;
    private boolean subscribed;
    private final List<String> given = new ArrayList<>();

    InstanceMember(
            String name, String group, String topic, boolean autoCommit, RoundRobin balancer, DeliveryLedger ledger) {
        super(name, group, topic, balancer, ledger);
        this.autoCommit = autoCommit;
        this.path = "/consumers/" + group + "/instances/" + name;
    }

    @Override
    void step() throws IOException {
        if (!created) {
            create();
        } else if (!subscribed) {
            subscribed = send("POST", path + "/subscription", "{\"topics\":[\"" + topic + "\"]}")
                            .status()
                    == 204;
        } else if (autoCommit || unacked().isEmpty()) {
            read();
        } else {
            commit();
        }
    }

    private void create() throws IOException {
        int status = send(
                        "POST",
                        "/consumers/" + group,
                        "{\"name\":\"" + name
                                + "\",\"format\":\"json\",\"auto.offset.reset\":\"earliest\",\"auto.commit.enable\":\""
                                + autoCommit + "\"}")
                .status();
        // There already: the answer to the first try was lost.
        created = status == 200 || status == 409;
    }

    private void read() throws IOException {
        long asked = ledger.moment();
        RoundRobin.Answer answer = send("GET", path + "/records?timeout=" + WAIT_MS + "&max_bytes=" + BYTES_MAX, "");
        if (answer.status() == 200) {
            List<String> values = values(JSON.readTree(answer.text()));
            ledger.delivered(name, asked, values);
            owe(values);
        } else if (answer.status() == 404) {
            created = false;
            subscribed = false;
        }
    }

    /** Refused, some of the records belong to others by now, or all come again: which of them is not said so that programs understand it. */
    private void commit() throws IOException {
        int status = send("POST", path + "/offsets", "").status();
        if (status == 200) {
            ledger.acked("by " + name, unacked());
        }
        if (status == 200 || status == 409 || status == 404) {
            owe(List.of());
        }
    }

    private synchronized void owe(List<String> values) {
        given.clear();
        given.addAll(values);
    }

    @Override
    String standing() throws IOException {
        return send("GET", path + "/assignments", "").text();
    }

    @Override
    synchronized Collection<String> unacked() {
        return List.copyOf(given);
    }
}
