package io.naru.broker.kafka;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The fetch sessions of one broker (KIP-227), bounded in number and in partitions. When there is no room a new session takes the place of
 * one that has not been used for two minutes, or else of one that is worth less and is older than that: followers are worth more
 * than clients, large sessions more than small ones. If there is none, the client gets no session and goes on with whole requests.
 */
final class FetchSessions {

    static final int NO_SESSION = 0;

    private static final int INITIAL_EPOCH = 0;
    private static final int FINAL_EPOCH = -1;
    private static final long EVICTION_MS = 120_000;

    private static final Comparator<FetchSession> WORTH =
            Comparator.comparing(FetchSession::replica).thenComparingInt(FetchSession::size);

    private final int sessionsMax;
    private final int partitionsMax;
    private final IntSupplier ids;
    private final Map<Integer, FetchSession> sessions = new HashMap<>();

    /**
     * @param sessionsMax   {@code max.incremental.fetch.session.cache.slots}
     * @param partitionsMax of one session
     * @param ids           random numbers
     */
    FetchSessions(int sessionsMax, int partitionsMax, IntSupplier ids) {
        this.sessionsMax = sessionsMax;
        this.partitionsMax = partitionsMax;
        this.ids = ids;
    }

    /**
     * A fetch and the session it belongs to.
     *
     * @param error      why it cannot be served, else NONE
     * @param partitions what to fetch
     * @param session    the session that goes on with it; null when there is none yet
     * @param wantsNew   whether a session may be made of it
     */
    record Begun(
            Errors error,
            List<FetchedPartition> partitions,
            @Nullable FetchSession session,
            boolean wantsNew) {

        private static Begun refused(Errors error) {
            return new Begun(error, List.of(), null, false);
        }
    }

    /** What a request fetches, with what its session remembers. */
    Begun begin(FetchRequestData request, long nowMs) {
        int epoch = request.sessionEpoch();
        if (epoch == INITIAL_EPOCH || epoch == FINAL_EPOCH) {
            if (request.sessionId() != NO_SESSION) {
                forget(request.sessionId());
            }
            return new Begun(Errors.NONE, named(request), null, epoch == INITIAL_EPOCH);
        }
        FetchSession session;
        synchronized (sessions) {
            session = sessions.get(request.sessionId());
        }
        if (session == null) {
            return Begun.refused(Errors.FETCH_SESSION_ID_NOT_FOUND);
        }
        FetchSession.Resumed resumed = session.resume(request, partitionsMax, nowMs);
        if (resumed.error() == Errors.FETCH_SESSION_ID_NOT_FOUND) {
            forget(session.id());
        }
        return resumed.error() == Errors.NONE
                ? new Begun(Errors.NONE, resumed.partitions(), session, false)
                : Begun.refused(resumed.error());
    }

    private static List<FetchedPartition> named(FetchRequestData request) {
        List<FetchedPartition> all = new ArrayList<>();
        for (FetchTopic topic : request.topics()) {
            for (FetchPartition wanted : topic.partitions()) {
                all.add(new FetchedPartition(topic.topic(), topic.topicId(), wanted));
            }
        }
        return all;
    }

    private void forget(int id) {
        synchronized (sessions) {
            sessions.remove(id);
        }
    }

    /** A session for a fetch that may have one; null when there is no room or nothing in it. */
    @Nullable
    FetchSession create(Begun begun, boolean replica, long nowMs) {
        if (!begun.wantsNew()
                || begun.partitions().isEmpty()
                || begun.partitions().size() > partitionsMax) {
            return null;
        }
        synchronized (sessions) {
            if (sessions.size() >= sessionsMax
                    && !makeRoom(replica, begun.partitions().size(), nowMs)) {
                return null;
            }
            int id = ids.getAsInt() & Integer.MAX_VALUE;
            while (id == NO_SESSION || sessions.containsKey(id)) {
                id = ids.getAsInt() & Integer.MAX_VALUE;
            }
            FetchSession session = new FetchSession(id, replica, begun.partitions(), nowMs);
            sessions.put(id, session);
            return session;
        }
    }

    private boolean makeRoom(boolean replica, int size, long nowMs) {
        FetchSession least = null;
        for (FetchSession session : sessions.values()) {
            if (nowMs - session.usedMs() > EVICTION_MS) {
                sessions.remove(session.id());
                return true;
            }
            boolean evictable = nowMs - session.createdMs() > EVICTION_MS || (replica && !session.replica());
            if (evictable && (least == null || WORTH.compare(session, least) < 0)) {
                least = session;
            }
        }
        if (least == null || !(least.replica() == replica ? least.size() < size : replica)) {
            return false;
        }
        sessions.remove(least.id());
        return true;
    }

    /** Sessions there are. */
    int size() {
        synchronized (sessions) {
            return sessions.size();
        }
    }
}
