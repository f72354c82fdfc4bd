package io.naru.admin.controller;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who has been heard from, and when. Kept in memory only: a new controller does not know when its predecessor last heard from
 * anyone, so it waits one whole timeout before it takes anyone for dead.
 */
final class Sessions {

    private record Session(long lastMs, boolean heardHere) {}

    private final Map<Integer, Session> sessions = new HashMap<>();
    private final long timeoutMs;

    Sessions(long timeoutMs) {
        this.timeoutMs = timeoutMs;
    }

    /** Takes over a session from an earlier controller. */
    void inherit(int id, long nowMs) {
        sessions.put(id, new Session(nowMs, false));
    }

    /** A sign of life. */
    void heard(int id, long nowMs) {
        sessions.put(id, new Session(nowMs, true));
    }

    void end(int id) {
        sessions.remove(id);
    }

    /**
     * Whether {@code id} is known to be alive: only then is another process refused that comes under the same id. A session merely
     * inherited does not count, or every broker would have to wait out the timeout whenever the whole cluster is restarted.
     */
    boolean knownAlive(int id, long nowMs) {
        Session session = sessions.get(id);
        return session != null && session.heardHere && nowMs - session.lastMs < timeoutMs;
    }

    /** Ends the sessions that have lapsed, and returns whose they were. */
    List<Integer> expire(long nowMs) {
        List<Integer> lapsed = new ArrayList<>();
        sessions.forEach((id, session) -> {
            if (nowMs - session.lastMs >= timeoutMs) {
                lapsed.add(id);
            }
        });
        lapsed.forEach(sessions::remove);
        lapsed.sort(null);
        return lapsed;
    }

    /** Gives everyone {@code ms} more: time in which nobody could have been heard. */
    void extend(long ms) {
        sessions.replaceAll((id, session) -> new Session(session.lastMs + ms, session.heardHere));
    }
}
