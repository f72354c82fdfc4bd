package io.naru.simulation;

import io.naru.cluster.PartitionImage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/** Reads one partition from where it stands, from whoever leads, and tells its epochs (KIP-320). */
final class PartitionReader {

    private static final short VERSION = 17;
    private static final int WAIT_MS_MAX = 300;

    private final Simulation world;
    private final ClientView view;
    private final Place place;
    private final LongConsumer onRecord;
    private long offset;
    private int lastEpoch;

    /**
     * A reader.
     *
     * @param lastEpoch leader epoch of the record before {@code offset}; −1 when that is not known
     * @param onRecord  told the offset of each record that is read
     */
    PartitionReader(Simulation world, ClientView view, Place place, long offset, int lastEpoch, LongConsumer onRecord) {
        this.world = world;
        this.view = view;
        this.place = place;
        this.offset = offset;
        this.lastEpoch = lastEpoch;
        this.onRecord = onRecord;
    }

    /** What comes next. */
    long offset() {
        return offset;
    }

    /** Leader epoch of what was read last. */
    int lastEpoch() {
        return lastEpoch;
    }

    /** Asks the leader for more; false when it could not say. */
    CompletableFuture<Boolean> read(PartitionImage partition) {
        FetchRequestData request = new FetchRequestData()
                .setMaxWaitMs(WAIT_MS_MAX)
                .setMinBytes(1)
                .setMaxBytes(2_000)
                .setTopics(new ArrayList<>(List.of(new FetchTopic()
                        .setTopicId(Uuid.fromString(place.topicId()))
                        .setPartitions(new ArrayList<>(List.of(new FetchPartition()
                                .setPartition(place.partition())
                                .setFetchOffset(offset)
                                .setCurrentLeaderEpoch(partition.leaderEpoch())
                                .setLastFetchedEpoch(lastEpoch)
                                .setPartitionMaxBytes(1_000)))))));
        return view.connection(partition.leader())
                .send(ApiKeys.FETCH, VERSION, request, WAIT_MS_MAX + 3_000)
                .handle((answer, error) -> answered(answer));
    }

    private boolean answered(@Nullable ApiMessage answer) {
        if (!(answer instanceof FetchResponseData fetched) || fetched.errorCode() != Errors.NONE.code()) {
            return false;
        }
        PartitionData data = fetched.responses().get(0).partitions().get(0);
        Errors error = Errors.forCode(data.errorCode());
        switch (error) {
            case NONE -> read(data);
            case NOT_LEADER_OR_FOLLOWER,
                    FENCED_LEADER_EPOCH,
                    UNKNOWN_LEADER_EPOCH,
                    UNKNOWN_TOPIC_ID,
                    UNKNOWN_TOPIC_OR_PARTITION,
                    KAFKA_STORAGE_ERROR -> {
                return false;
            }
            default ->
                throw new Violation("P14: a consumer at " + offset + " of " + place + ", epoch " + lastEpoch
                        + ", was told " + error);
        }
        return true;
    }

    private void read(PartitionData data) {
        if (data.divergingEpoch().epoch() >= 0) {
            throw new Violation("P18: what a consumer has read of " + place + " below " + offset
                    + " is not in the leader's log any more: " + data.divergingEpoch());
        }
        for (RecordBatch batch : ((MemoryRecords) data.records()).batches()) {
            if (!batch.isValid()) {
                world.trace().say("a consumer", "gets a damaged batch at " + offset + " and comes back for it");
                break;
            }
            for (Record record : batch) {
                if (record.offset() >= data.highWatermark()) {
                    throw new Violation("P14: offset " + record.offset() + " of " + place
                            + " was served at high watermark " + data.highWatermark());
                }
                if (record.offset() >= offset) {
                    String value = StandardCharsets.UTF_8.decode(record.value()).toString();
                    world.ledger().seen(place, record.offset(), value);
                    onRecord.accept(record.offset());
                    offset = record.offset() + 1;
                    lastEpoch = batch.partitionLeaderEpoch();
                }
            }
        }
        world.invariants().exposed(place, offset);
    }
}
