package io.naru.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happened last, for people, and a number that is another when anything happened otherwise. */
final class Trace {

    private static final Logger log = LoggerFactory.getLogger("simulation");
    private static final int LINES_MAX = 250;

    private final EventQueue events;
    private final Deque<String> lines = new ArrayDeque<>();
    private long fingerprint = 1;

    Trace(EventQueue events) {
        this.events = events;
    }

    void say(String who, String what) {
        String line = String.format(Locale.ROOT, "%11.6f %-10s %s", events.nowUs() / 1e6, who, what);
        fingerprint = 31 * fingerprint + line.hashCode();
        lines.add(line);
        if (lines.size() > LINES_MAX) {
            lines.remove();
        }
        log.atInfo().log(line);
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    long fingerprint() {
        return fingerprint;
    }
}
