package io.naru.broker.replication;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;

/**
 * The client's half of an incremental fetch session (KIP-227): the first request names every partition, later ones only what has changed,
 * and the leader remembers the rest. One request at a time.
 *
 * <pre>
 *  epoch 0: whole request ── answer with a session id ──▶ epoch 1, 2, …: differences ── any failure ──▶ epoch 0
 * </pre>
 */
final class FollowerSession {

    private static final int NO_SESSION = 0;

    private int sessionId = NO_SESSION;
    private int epoch;
    private Map<SessionKey, FetchPartition> known = new HashMap<>();

    /** A partition by its topic's id. */
    record SessionKey(Uuid topicId, int partition) {}

    /** One partition of a request. */
    record Wanted(String topic, Uuid topicId, FetchPartition partition) {

        SessionKey key() {
            return new SessionKey(topicId, partition.partition());
        }
    }

    /** Puts into {@code request} what the leader does not know yet. */
    void fill(FetchRequestData request, List<Wanted> wanted) {
        request.setSessionId(sessionId).setSessionEpoch(epoch);
        Map<SessionKey, FetchPartition> now = new HashMap<>();
        List<FetchTopic> topics = new ArrayList<>();
        for (Wanted one : wanted) {
            now.put(one.key(), one.partition());
            if (epoch == 0 || !one.partition().equals(known.get(one.key()))) {
                add(topics, one);
            }
        }
        request.setTopics(topics);
        if (epoch > 0) {
            request.setForgottenTopicsData(forgotten(now));
        }
        known = now;
    }

    private static void add(List<FetchTopic> topics, Wanted one) {
        FetchTopic last = topics.isEmpty() ? null : topics.get(topics.size() - 1);
        if (last == null || !last.topicId().equals(one.topicId())) {
            last = new FetchTopic().setTopic(one.topic()).setTopicId(one.topicId());
            topics.add(last);
        }
        last.partitions().add(one.partition());
    }

    private List<ForgottenTopic> forgotten(Map<SessionKey, FetchPartition> now) {
        Map<Uuid, ForgottenTopic> gone = new HashMap<>();
        Iterator<SessionKey> before = known.keySet().iterator();
        while (before.hasNext()) {
            SessionKey key = before.next();
            if (!now.containsKey(key)) {
                gone.computeIfAbsent(key.topicId(), id -> new ForgottenTopic().setTopicId(id))
                        .partitions()
                        .add(key.partition());
            }
        }
        return List.copyOf(gone.values());
    }

    /** The leader answered. */
    void answered(FetchResponseData response) {
        if (response.sessionId() == NO_SESSION) {
            reset();
            return;
        }
        sessionId = response.sessionId();
        epoch = epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
    }

    /** The session is lost, or may be: the next request is whole again. The leader forgets the old one by itself. */
    void reset() {
        sessionId = NO_SESSION;
        epoch = 0;
        known = new HashMap<>();
    }
}
