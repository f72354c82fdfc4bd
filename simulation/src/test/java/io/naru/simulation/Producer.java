package io.naru.simulation;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/**
 * An idempotent producer with acks=all, as Kafka's: up to five batches of a partition under way, each sent again with its sequence until
 * it is answered, to whoever leads. Values are {@code producer:number}, counted from 0 in each partition.
 */
final class Producer {

    private static final short VERSION = 13;
    private static final int WINDOW = 5;
    private static final int WAITING_MAX = 8;
    private static final int TIMEOUT_MS = 3_000;

    private final Simulation world;
    private final SimulatedProcess process;
    private final String name;
    private final long producerId;
    private final Random random;
    private final ClientView view;
    private final Map<String, Lane> lanes = new TreeMap<>();
    private boolean finishing;

    private static final class Lane {
        private final Place place;
        private final String topic;
        private final List<Batch> waiting = new ArrayList<>();
        private int nextNumber;
        private int nextOrdinal;
        private boolean begun;
        private boolean resting;

        Lane(Place place, String topic) {
            this.place = place;
            this.topic = topic;
        }
    }

    private static final class Batch {
        private final int ordinal;
        private final int firstNumber;
        private final int size;
        private long knownBefore = -1;
        private boolean sentOnce;
        private Errors lastError = Errors.NONE;
        private boolean underWay;

        Batch(int ordinal, int firstNumber, int size) {
            this.ordinal = ordinal;
            this.firstNumber = firstNumber;
            this.size = size;
        }
    }

    Producer(Simulation world, SimulatedProcess process, long producerId, Random random) {
        this.world = world;
        this.process = process;
        this.name = "p" + producerId;
        this.producerId = producerId;
        this.random = random;
        this.view = new ClientView(world, process, random);
        view.refresh();
        process.execute(this::produce);
    }

    /** Writes nothing new any more. */
    void finish() {
        finishing = true;
    }

    boolean finished() {
        return lanes.values().stream().allMatch(lane -> lane.waiting.isEmpty());
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name);
        lanes.values()
                .forEach(lane ->
                        text.append(' ').append(lane.place).append(" waiting ").append(lane.waiting.size()));
        return text.toString();
    }

    private void produce() {
        ClusterImage image = view.image();
        if (image == null) {
            view.refresh();
        } else {
            forgetDeleted(image);
            if (!finishing) {
                add(image);
            }
            lanes.values().forEach(this::pump);
        }
        process.after(20_000 + random.nextInt(180_000), this::produce);
    }

    private void forgetDeleted(ClusterImage image) {
        lanes.values().removeIf(lane -> {
            TopicImage topic = image.topics().get(lane.topic);
            boolean deleted = topic == null || !topic.topicId().equals(lane.place.topicId());
            if (deleted) {
                world.trace().say(name, "knows that " + lane.place + " is deleted, as of image " + image.version());
            }
            return deleted;
        });
    }

    private void add(ClusterImage image) {
        List<TopicImage> topics = Simulation.topicsOfClients(image);
        if (topics.isEmpty()) {
            view.refresh();
            return;
        }
        TopicImage topic = topics.get(random.nextInt(topics.size()));
        Place place =
                new Place(topic.topicId(), random.nextInt(topic.partitions().size()));
        Lane lane = lanes.computeIfAbsent(place.toString(), p -> new Lane(place, topic.name()));
        if (lane.waiting.size() < WAITING_MAX) {
            Batch batch = new Batch(lane.nextOrdinal++, lane.nextNumber, 1 + random.nextInt(3));
            lane.nextNumber += batch.size;
            lane.waiting.add(batch);
        }
    }

    private void pump(Lane lane) {
        ClusterImage image = view.image();
        if (image == null || lane.resting || !lanes.containsValue(lane)) {
            return;
        }
        PartitionImage partition =
                image.partition(lane.topic, lane.place.partition()).orElse(null);
        if (partition == null || partition.leader() == PartitionImage.NO_LEADER) {
            view.refresh();
            return;
        }
        // The broker remembers five batches: no other is sent until the first is answered, though the second be
        // answered before it.
        // A broker that knows nothing of a producer takes any sequence, as Kafka does: the very first batch goes alone.
        int window = lane.begun ? WINDOW : 1;
        int last = lane.waiting.isEmpty() ? 0 : lane.waiting.get(0).ordinal + window;
        for (Batch batch : List.copyOf(lane.waiting)) {
            if (!batch.underWay && batch.ordinal < last) {
                send(lane, batch, batch == lane.waiting.get(0), partition.leader());
            }
        }
    }

    private void send(Lane lane, Batch batch, boolean first, int leader) {
        batch.underWay = true;
        if (!batch.sentOnce) {
            batch.sentOnce = true;
            batch.knownBefore = world.ledger().knownEnd(lane.place);
        }
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        topics.add(new TopicProduceData()
                .setTopicId(Uuid.fromString(lane.place.topicId()))
                .setPartitionData(List.of(new PartitionProduceData()
                        .setIndex(lane.place.partition())
                        .setRecords(records(batch)))));
        ProduceRequestData request = new ProduceRequestData()
                .setAcks((short) -1)
                .setTimeoutMs(TIMEOUT_MS)
                .setTopicData(topics);
        view.connection(leader)
                .send(ApiKeys.PRODUCE, VERSION, request, TIMEOUT_MS + 2_000)
                .whenComplete((answer, error) -> answered(lane, batch, first, answer));
    }

    private MemoryRecords records(Batch batch) {
        SimpleRecord[] records = new SimpleRecord[batch.size];
        for (int i = 0; i < batch.size; i++) {
            String value = name + ":" + (batch.firstNumber + i);
            records[i] = new SimpleRecord(process.clock().millis(), null, value.getBytes(StandardCharsets.UTF_8));
        }
        return MemoryRecords.withIdempotentRecords(Compression.NONE, producerId, (short) 0, batch.firstNumber, records);
    }

    private void answered(Lane lane, Batch batch, boolean wasFirst, @Nullable ApiMessage answer) {
        batch.underWay = false;
        if (!lane.waiting.contains(batch)) {
            return;
        }
        if (answer instanceof ProduceResponseData produced) {
            PartitionProduceResponse result =
                    produced.responses().iterator().next().partitionResponses().get(0);
            Errors error = Errors.forCode(result.errorCode());
            if (error == Errors.NONE) {
                for (int i = 0; i < batch.size; i++) {
                    world.ledger()
                            .acked(
                                    lane.place,
                                    name + ":" + (batch.firstNumber + i),
                                    result.baseOffset() + i,
                                    batch.knownBefore);
                }
                lane.waiting.remove(batch);
                lane.begun = true;
                pump(lane);
                return;
            }
            if (error != batch.lastError) {
                batch.lastError = error;
                world.trace().say(name, "was refused number " + batch.firstNumber + " of " + lane.topic + ": " + error);
            }
            refused(lane, batch, wasFirst, error, result.errorMessage());
        }
        view.refresh();
        lane.resting = true;
        process.after(50_000 + random.nextInt(100_000), () -> {
            lane.resting = false;
            pump(lane);
        });
    }

    private void refused(Lane lane, Batch batch, boolean wasFirst, Errors error, @Nullable String message) {
        switch (error) {
            case NOT_LEADER_OR_FOLLOWER,
                    REQUEST_TIMED_OUT,
                    NOT_ENOUGH_REPLICAS,
                    NOT_ENOUGH_REPLICAS_AFTER_APPEND,
                    UNKNOWN_TOPIC_ID,
                    UNKNOWN_TOPIC_OR_PARTITION,
                    KAFKA_STORAGE_ERROR -> {
                // Again, later.
            }
            case OUT_OF_ORDER_SEQUENCE_NUMBER -> {
                if (wasFirst) {
                    throw new Violation("P8: all before " + name + ":" + batch.firstNumber + " of " + lane.place
                            + " was acknowledged, and now the leader does not know it: " + message);
                }
            }
            default ->
                throw new Violation("P52: " + name + ":" + batch.firstNumber + " of " + lane.place
                        + " was refused with " + error + ": " + message);
        }
    }
}
