package io.naru.broker.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.broker.kafka.FetchSessions.Begun;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

class FetchSessionsTest {

    private static final Uuid TOPIC = Uuid.randomUuid();

    private final AtomicInteger ids = new AtomicInteger();
    private final FetchSessions sessions = new FetchSessions(2, 3, ids::incrementAndGet);

    private static FetchRequestData request(int sessionId, int epoch, int... partitions) {
        return new FetchRequestData()
                .setSessionId(sessionId)
                .setSessionEpoch(epoch)
                .setTopics(
                        partitions.length == 0
                                ? List.of()
                                : List.of(new FetchTopic()
                                        .setTopicId(TOPIC)
                                        .setPartitions(java.util.Arrays.stream(partitions)
                                                .mapToObj(p -> new FetchPartition().setPartition(p))
                                                .toList())));
    }

    private FetchSession create(boolean replica, long nowMs, int... partitions) {
        return sessions.create(sessions.begin(request(0, 0, partitions), nowMs), replica, nowMs);
    }

    private static PartitionData data(long highWatermark, MemoryRecords records) {
        return new PartitionData().setHighWatermark(highWatermark).setRecords(records);
    }

    private static List<Integer> partitions(Begun begun) {
        return begun.partitions().stream().map(FetchedPartition::partition).toList();
    }

    @Test
    void aSessionRemembersWhatIsFetchedAndTakesChanges() {
        FetchSession session = Objects.requireNonNull(create(false, 0, 0, 1));
        assertThat(partitions(sessions.begin(request(session.id(), 1, 2), 0))).containsExactly(0, 1, 2);
        FetchRequestData without = request(session.id(), 2)
                .setForgottenTopicsData(
                        List.of(new ForgottenTopic().setTopicId(TOPIC).setPartitions(List.of(1))));
        assertThat(partitions(sessions.begin(without, 0))).containsExactly(0, 2);
    }

    @Test
    void epochsMustFollowEachOther() {
        FetchSession session = Objects.requireNonNull(create(false, 0, 0));
        assertThat(sessions.begin(request(session.id(), 2), 0).error()).isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH);
        assertThat(sessions.begin(request(77, 1), 0).error()).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
        sessions.begin(request(session.id(), -1), 0);
        assertThat(sessions.size()).isZero();
    }

    @Test
    void onlyNewsIsTold() {
        FetchSession session = Objects.requireNonNull(create(false, 0, 0, 1));
        List<FetchedPartition> all = sessions.begin(request(session.id(), 1), 0).partitions();
        assertThat(session.isNews(all.get(0), data(5, MemoryRecords.EMPTY))).isTrue();
        assertThat(session.isNews(all.get(0), data(5, MemoryRecords.EMPTY))).isFalse();
        assertThat(session.isNews(all.get(0), data(6, MemoryRecords.EMPTY))).isTrue();
        PartitionData failed = data(6, MemoryRecords.EMPTY).setErrorCode((short) 6);
        assertThat(session.isNews(all.get(0), failed)).isTrue();
        assertThat(session.isNews(all.get(0), data(6, MemoryRecords.EMPTY)))
                .as("well again")
                .isTrue();
    }

    @Test
    void whoGaveRecordsGoesToTheEndOfTheLine() {
        FetchSession session = Objects.requireNonNull(create(false, 0, 0, 1));
        List<FetchedPartition> all = sessions.begin(request(session.id(), 1), 0).partitions();
        MemoryRecords some = MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(new byte[1]));
        session.isNews(all.get(0), data(1, some));
        assertThat(partitions(sessions.begin(request(session.id(), 2), 0))).containsExactly(1, 0);
    }

    @Test
    void aSessionIsBoundedInPartitions() {
        assertThat(create(false, 0, 0, 1, 2, 3)).isNull();
        FetchSession session = Objects.requireNonNull(create(false, 0, 0, 1, 2));
        assertThat(sessions.begin(request(session.id(), 1, 3), 0).error()).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
        assertThat(sessions.size()).isZero();
    }

    @Test
    void thereIsRoomForWhoIsWorthMore() {
        FetchSession small = Objects.requireNonNull(create(false, 0, 0));
        FetchSession large = Objects.requireNonNull(create(false, 0, 0, 1));
        assertThat(create(false, 1_000, 0, 1, 2)).as("all are young").isNull();
        FetchSession follower = Objects.requireNonNull(create(true, 1_000, 0));
        assertThat(sessions.begin(request(small.id(), 1), 1_000).error()).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
        assertThat(sessions.begin(request(large.id(), 1), 1_000).error()).isEqualTo(Errors.NONE);
        sessions.begin(request(follower.id(), 1), 119_000);
        assertThat(create(false, 122_000, 0))
                .as("large has not been used for two minutes")
                .isNotNull();
        assertThat(sessions.begin(request(large.id(), 2), 122_000).error())
                .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
    }
}
