package io.naru.gateway.read;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** Fetch requests and answers, from and to our own terms. Stateless; without fetch sessions. */
final class FetchCalls {

    private FetchCalls() {}

    /** A partition to fetch from. */
    record Target(TopicPartition partition, Uuid topicId, long offset) {}

    static FetchRequestData request(
            List<Target> targets, int waitMs, int bytesMax, int partitionBytesMax, Isolation isolation) {
        Map<String, FetchTopic> topics = new HashMap<>();
        List<FetchTopic> inOrder = new ArrayList<>();
        for (Target target : targets) {
            String name = target.partition().topic();
            FetchTopic topic = topics.get(name);
            if (topic == null) {
                topic = new FetchTopic().setTopic(name).setTopicId(target.topicId());
                topics.put(name, topic);
                inOrder.add(topic);
            }
            topic.partitions()
                    .add(new FetchPartition()
                            .setPartition(target.partition().partition())
                            .setCurrentLeaderEpoch(-1)
                            .setFetchOffset(target.offset())
                            .setLogStartOffset(-1)
                            .setLastFetchedEpoch(-1)
                            .setPartitionMaxBytes(partitionBytesMax));
        }
        return new FetchRequestData()
                .setReplicaId(-1)
                .setMaxWaitMs(waitMs)
                .setMinBytes(1)
                .setMaxBytes(bytesMax)
                .setIsolationLevel(isolation.code())
                .setSessionId(0)
                .setSessionEpoch(-1)
                .setTopics(inOrder);
    }

    /** What a request brought, by partition; a partition that the answer leaves out failed. */
    static Map<TopicPartition, Fetched> results(List<Target> targets, FetchResponseData answer, Isolation isolation) {
        Map<TopicPartition, Fetched> results = new HashMap<>();
        Map<Uuid, String> names = new HashMap<>();
        for (Target target : targets) {
            names.put(target.topicId(), target.partition().topic());
        }
        for (FetchableTopicResponse topic : answer.responses()) {
            String name = topic.topic().isEmpty() ? names.get(topic.topicId()) : topic.topic();
            if (name != null) {
                for (PartitionData partition : topic.partitions()) {
                    results.put(new TopicPartition(name, partition.partitionIndex()), fetched(partition, isolation));
                }
            }
        }
        Errors whole = Errors.forCode(answer.errorCode());
        for (Target target : targets) {
            results.putIfAbsent(
                    target.partition(), Fetched.failed(whole == Errors.NONE ? Errors.UNKNOWN_SERVER_ERROR : whole));
        }
        return results;
    }

    private static Fetched fetched(PartitionData data, Isolation isolation) {
        Errors error = Errors.forCode(data.errorCode());
        if (error != Errors.NONE) {
            return Fetched.failed(error);
        }
        MemoryRecords records = data.records() instanceof MemoryRecords memory ? memory : MemoryRecords.EMPTY;
        long end = isolation == Isolation.READ_COMMITTED && data.lastStableOffset() >= 0
                ? data.lastStableOffset()
                : data.highWatermark();
        return new Fetched(
                Errors.NONE,
                records,
                end,
                data.highWatermark(),
                isolation == Isolation.READ_COMMITTED ? data.abortedTransactions() : null);
    }
}
