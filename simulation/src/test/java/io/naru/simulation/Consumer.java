package io.naru.simulation;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
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

/** A consumer that reads one partition after another from where it stands, from whoever leads, and tells its epochs (KIP-320). */
final class Consumer {

    private static final short VERSION = 17;
    private static final int WAIT_MS_MAX = 300;

    private final Simulation world;
    private final SimulatedProcess process;
    private final Random random;
    private final ClientView view;
    private final Map<Place, Position> positions = new HashMap<>();

    private static final class Position {
        private long offset;
        private int lastEpoch = -1;
    }

    Consumer(Simulation world, SimulatedProcess process, Random random) {
        this.world = world;
        this.process = process;
        this.random = random;
        this.view = new ClientView(world, process, random);
        process.execute(this::consume);
    }

    private void again(long delayUs) {
        process.after(delayUs, this::consume);
    }

    private void consume() {
        view.refresh();
        ClusterImage image = view.image();
        List<TopicImage> topics =
                image == null ? List.of() : List.copyOf(image.topics().values());
        if (topics.isEmpty()) {
            again(100_000);
            return;
        }
        TopicImage topic = topics.get(random.nextInt(topics.size()));
        PartitionImage partition =
                topic.partitions().get(random.nextInt(topic.partitions().size()));
        if (partition.leader() == PartitionImage.NO_LEADER) {
            again(100_000);
            return;
        }
        fetch(new Place(topic.topicId(), partition.partition()), partition);
    }

    private void fetch(Place place, PartitionImage partition) {
        Position position = positions.computeIfAbsent(place, p -> new Position());
        FetchRequestData request = new FetchRequestData()
                .setMaxWaitMs(WAIT_MS_MAX)
                .setMinBytes(1)
                .setMaxBytes(2_000)
                .setTopics(new ArrayList<>(List.of(new FetchTopic()
                        .setTopicId(Uuid.fromString(place.topicId()))
                        .setPartitions(new ArrayList<>(List.of(new FetchPartition()
                                .setPartition(place.partition())
                                .setFetchOffset(position.offset)
                                .setCurrentLeaderEpoch(partition.leaderEpoch())
                                .setLastFetchedEpoch(position.lastEpoch)
                                .setPartitionMaxBytes(1_000)))))));
        view.connection(partition.leader())
                .send(ApiKeys.FETCH, VERSION, request, WAIT_MS_MAX + 3_000)
                .whenComplete((answer, error) -> {
                    boolean good = answered(place, position, answer);
                    again(good ? 1_000 + random.nextInt(50_000) : 100_000);
                });
    }

    private boolean answered(Place place, Position position, @Nullable ApiMessage answer) {
        if (!(answer instanceof FetchResponseData fetched) || fetched.errorCode() != Errors.NONE.code()) {
            return false;
        }
        PartitionData data = fetched.responses().get(0).partitions().get(0);
        Errors error = Errors.forCode(data.errorCode());
        switch (error) {
            case NONE -> read(place, position, data);
            case NOT_LEADER_OR_FOLLOWER,
                    FENCED_LEADER_EPOCH,
                    UNKNOWN_LEADER_EPOCH,
                    UNKNOWN_TOPIC_ID,
                    UNKNOWN_TOPIC_OR_PARTITION,
                    KAFKA_STORAGE_ERROR -> {
                return false;
            }
            default ->
                throw new Violation("P14: a consumer at " + position.offset + " of " + place + ", epoch "
                        + position.lastEpoch + ", was told " + error);
        }
        return true;
    }

    private void read(Place place, Position position, PartitionData data) {
        if (data.divergingEpoch().epoch() >= 0) {
            throw new Violation("P18: what a consumer has read of " + place + " below " + position.offset
                    + " is not in the leader's log any more: " + data.divergingEpoch());
        }
        for (RecordBatch batch : ((MemoryRecords) data.records()).batches()) {
            if (!batch.isValid()) {
                world.trace()
                        .say("a consumer", "gets a damaged batch at " + position.offset + " and comes back for it");
                break;
            }
            for (Record record : batch) {
                if (record.offset() >= data.highWatermark()) {
                    throw new Violation("P14: offset " + record.offset() + " of " + place
                            + " was served at high watermark " + data.highWatermark());
                }
                if (record.offset() >= position.offset) {
                    String value = StandardCharsets.UTF_8.decode(record.value()).toString();
                    world.ledger().seen(place, record.offset(), value);
                    position.offset = record.offset() + 1;
                    position.lastEpoch = batch.partitionLeaderEpoch();
                }
            }
        }
        world.invariants().exposed(place, position.offset);
    }
}
