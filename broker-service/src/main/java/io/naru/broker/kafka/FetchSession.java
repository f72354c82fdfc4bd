package io.naru.broker.kafka;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;

/**
 * What a client fetches again and again (KIP-227): it names changes only, and hears only of partitions that have something new.
 * Thread-safe. Partitions that gave records go to the end of the line, so that a full answer starves none.
 */
final class FetchSession {

    private final int id;
    private final boolean replica;
    private final long createdMs;
    private final Map<Key, FetchedPartition> partitions = new LinkedHashMap<>();
    private int nextEpoch = 1;
    private volatile long usedMs;
    private volatile int size;

    /** A partition by name in versions below 13, by id from then on; the other is empty. */
    private record Key(String topic, Uuid topicId, int partition) {}

    FetchSession(int id, boolean replica, List<FetchedPartition> fetched, long nowMs) {
        this.id = id;
        this.replica = replica;
        this.createdMs = nowMs;
        this.usedMs = nowMs;
        fetched.forEach(f -> partitions.put(key(f.topic(), f.topicId(), f.partition()), f));
        this.size = partitions.size();
    }

    private static Key key(String topic, Uuid topicId, int partition) {
        return Uuid.ZERO_UUID.equals(topicId) ? new Key(topic, topicId, partition) : new Key("", topicId, partition);
    }

    int id() {
        return id;
    }

    boolean replica() {
        return replica;
    }

    long createdMs() {
        return createdMs;
    }

    long usedMs() {
        return usedMs;
    }

    /** Partitions in it. */
    int size() {
        return size;
    }

    /** What goes on under the session, or why it does not. */
    record Resumed(Errors error, List<FetchedPartition> partitions) {}

    /** Takes the changes of the next request in. */
    synchronized Resumed resume(FetchRequestData request, int partitionsMax, long nowMs) {
        if (request.sessionEpoch() != nextEpoch) {
            return new Resumed(Errors.INVALID_FETCH_SESSION_EPOCH, List.of());
        }
        nextEpoch = nextEpoch == Integer.MAX_VALUE ? 1 : nextEpoch + 1;
        usedMs = nowMs;
        for (ForgottenTopic topic : request.forgottenTopicsData()) {
            topic.partitions().forEach(p -> partitions.remove(key(topic.topic(), topic.topicId(), p)));
        }
        for (FetchTopic topic : request.topics()) {
            for (FetchPartition wanted : topic.partitions()) {
                Key key = key(topic.topic(), topic.topicId(), wanted.partition());
                FetchedPartition known = partitions.get(key);
                if (known != null) {
                    known.wanted(wanted);
                } else if (partitions.size() < partitionsMax) {
                    partitions.put(key, new FetchedPartition(topic.topic(), topic.topicId(), wanted));
                } else {
                    return new Resumed(Errors.FETCH_SESSION_ID_NOT_FOUND, List.of());
                }
            }
        }
        size = partitions.size();
        return new Resumed(Errors.NONE, new ArrayList<>(partitions.values()));
    }

    /** Whether the answer for a partition must be sent; remembers that it was. */
    synchronized boolean isNews(FetchedPartition partition, PartitionData answer) {
        boolean news = partition.isNews(answer);
        if (answer.records() != null && answer.records().sizeInBytes() > 0) {
            Key key = key(partition.topic(), partition.topicId(), partition.partition());
            if (partitions.remove(key, partition)) {
                partitions.put(key, partition);
            }
        }
        return news;
    }
}
