package io.naru.broker.kafka;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;

/** A partition that a client fetches, and what it was last told. Of one request, or guarded by its {@link FetchSession}. */
final class FetchedPartition {

    private static final long UNKNOWN = -1;

    private final String topic;
    private final Uuid topicId;
    private volatile FetchPartition wanted;
    private long toldHighWatermark = UNKNOWN;
    private long toldLogStartOffset = UNKNOWN;

    FetchedPartition(String topic, Uuid topicId, FetchPartition wanted) {
        this.topic = topic;
        this.topicId = topicId;
        this.wanted = wanted;
    }

    /** Name, or empty in versions that go by ids. */
    String topic() {
        return topic;
    }

    /** Id, or zero in versions that go by names. */
    Uuid topicId() {
        return topicId;
    }

    int partition() {
        return wanted.partition();
    }

    /** What is asked of it now. */
    FetchPartition wanted() {
        return wanted;
    }

    void wanted(FetchPartition changed) {
        wanted = changed;
    }

    /** Whether the client does not know {@code answer} yet; from now on it does. */
    boolean isNews(PartitionData answer) {
        boolean failed = answer.errorCode() != Errors.NONE.code();
        boolean news = failed
                || answer.records().sizeInBytes() > 0
                || answer.divergingEpoch().epoch() >= 0
                || answer.highWatermark() != toldHighWatermark
                || answer.logStartOffset() != toldLogStartOffset;
        toldHighWatermark = failed ? UNKNOWN : answer.highWatermark();
        toldLogStartOffset = failed ? UNKNOWN : answer.logStartOffset();
        return news;
    }
}
