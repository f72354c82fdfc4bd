package io.naru.system.ledger;

import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A consumer over HTTP as a careful program would be written: deals with what it gets, acknowledges it, and says a thing again when no
 * answer came. Runs in a thread of its own until it is stopped.
 */
abstract class LedgerMember implements Runnable {

    static final JsonMapper JSON = JsonMapper.builder().build();
    static final int RECORDS_MAX = 20;
    static final int WAIT_MS = 1_000;
    static final int SESSION_TIMEOUT_MS = 15_000;

    final String name;
    final String group;
    final String topic;
    final DeliveryLedger ledger;
    private final RoundRobin balancer;
    private final List<String> troubles = new ArrayList<>();
    private volatile boolean stopping;
    private volatile String doing = "";

    LedgerMember(String name, String group, String topic, RoundRobin balancer, DeliveryLedger ledger) {
        this.name = name;
        this.group = group;
        this.topic = topic;
        this.balancer = balancer;
        this.ledger = ledger;
    }

    /** One call, or a few, whose answers have come. */
    abstract void step() throws IOException;

    @Override
    public final void run() {
        while (!stopping) {
            try {
                step();
            } catch (IOException died) {
                // No answer: what was asked for is asked for again.
                if (!(died instanceof ConnectException)) {
                    trouble(died.toString());
                }
            }
        }
    }

    final RoundRobin.Answer send(String method, String path, String body) throws IOException {
        String call = method + " " + path;
        doing = call;
        RoundRobin.Answer answer = balancer.send(method, path, body);
        doing = answer.status() + " to " + call;
        if (answer.status() >= 300) {
            trouble(doing + ": " + answer.text());
        }
        return answer;
    }

    /** Something went otherwise than hoped for; kept for whoever has to find out why. */
    final synchronized void trouble(String what) {
        troubles.add(ledger.moment() + " " + what);
    }

    static List<String> values(JsonNode records) {
        List<String> values = new ArrayList<>();
        records.forEach(record -> values.add(record.required("value").asString()));
        return values;
    }

    /** What was given and not acknowledged yet. */
    abstract Collection<String> unacked();

    /** What its gateway says of it, for whoever has to find out what went wrong. */
    String standing() throws IOException {
        return "";
    }

    final void stop() {
        stopping = true;
    }

    @Override
    public String toString() {
        String standing;
        try {
            standing = standing();
        } catch (IOException e) {
            standing = e.toString();
        }
        return standing + " " + state();
    }

    private synchronized String state() {
        return name + " (" + doing + ", owes " + unacked().size() + ")" + String.join("\n    ", troubles);
    }
}
