package io.naru.simulation;

import io.naru.broker.partition.Partition;
import io.naru.broker.partition.PartitionTable;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;

/** What must hold after every event, seen from outside of all machines. */
final class Invariants {

    private final Simulation world;
    private final Map<Led, Integer> leaders = new HashMap<>();
    private final Map<Place, Long> committed = new HashMap<>();
    private final Map<Replica, Progress> progress = new HashMap<>();
    private ClusterImage before = ClusterImage.empty(MetadataDatabase.CLUSTER_ID, 0);

    private record Led(Place place, int leaderEpoch) {}

    private record Replica(String incarnation, Place place) {}

    private record Progress(int leaderEpoch, boolean leads, long highWatermark, long logEndOffset) {}

    Invariants(Simulation world) {
        this.world = world;
    }

    private static Place place(Partition partition) {
        return new Place(partition.topicId().toString(), partition.name().partition());
    }

    /** A broker has done something. */
    void after(BrokerProcess broker) {
        PartitionTable table = broker.partitions().orElse(null);
        if (table == null) {
            return;
        }
        for (Partition partition : table.all()) {
            Place place = place(partition);
            Progress now = new Progress(
                    partition.leaderEpoch(),
                    partition.isLeader(),
                    partition.highWatermark(),
                    partition.log().logEndOffset());
            Progress was = progress.put(new Replica(broker.incarnation(), place), now);
            if (now.equals(was)) {
                continue;
            }
            if (was != null && now.leaderEpoch < was.leaderEpoch) {
                throw new Violation(
                        "P13: the leader epoch of " + partition + " was " + was + " on broker " + broker.id());
            }
            if (was != null
                    && was.leads
                    && now.leaderEpoch == was.leaderEpoch
                    && now.highWatermark < was.highWatermark) {
                throw new Violation("P13: the high watermark of " + partition + " was " + was.highWatermark);
            }
            if (now.leads) {
                Integer other = leaders.putIfAbsent(new Led(place, now.leaderEpoch), broker.id());
                if (other != null && other != broker.id()) {
                    throw new Violation("P19: brokers " + other + " and " + broker.id() + " lead " + partition);
                }
            }
            if (now.highWatermark > now.logEndOffset) {
                throw new Violation("the high watermark is above the end of " + partition);
            }
            if (now.logEndOffset < committed.getOrDefault(place, 0L)) {
                topic(world.database().state().image(), place)
                        .ifPresent(topic -> holds(topic, topic.partitions().get(place.partition())));
            }
        }
    }

    /** A broker answers a produce request. */
    void answered(BrokerProcess broker, ProduceRequestData request, ProduceResponseData response) {
        for (TopicProduceResponse topic : response.responses()) {
            for (PartitionProduceResponse answer : topic.partitionResponses()) {
                if (answer.errorCode() == 0) {
                    acked(broker, request, topic.topicId(), answer);
                }
            }
        }
    }

    private void acked(
            BrokerProcess broker, ProduceRequestData request, Uuid topicId, PartitionProduceResponse answer) {
        Place place = new Place(topicId.toString(), answer.index());
        TopicProduceData sent = request.topicData().iterator().next();
        RecordBatch batch = ((MemoryRecords) sent.partitionData().get(0).records())
                .batches()
                .iterator()
                .next();
        long next =
                answer.baseOffset() + Optional.ofNullable(batch.countOrNull()).orElseThrow();
        Partition partition = find(broker, place).orElse(null);
        if (partition != null && partition.isLeader() && partition.highWatermark() < next) {
            throw new Violation("broker " + broker.id() + " acknowledged up to " + next + " of " + partition);
        }
        exposed(place, next);
    }

    /** All below {@code next} was promised to someone. */
    void exposed(Place place, long next) {
        long known = committed.getOrDefault(place, 0L);
        if (next > known) {
            committed.put(place, next);
            topic(world.database().state().image(), place)
                    .ifPresent(topic -> holds(topic, topic.partitions().get(place.partition())));
        }
    }

    private static Optional<TopicImage> topic(ClusterImage image, Place place) {
        return image.topics().values().stream()
                .filter(topic -> topic.topicId().equals(place.topicId()))
                .findFirst();
    }

    private static Optional<Partition> find(BrokerProcess broker, Place place) {
        return broker.partitions()
                .flatMap(table -> table.find("", Uuid.fromString(place.topicId()), place.partition()));
    }

    /** The controller has committed another image. */
    void committed(ClusterImage image) {
        for (TopicImage topic : image.topics().values()) {
            for (PartitionImage partition : topic.partitions()) {
                PartitionImage was = before.partition(topic.name(), partition.partition())
                        .filter(p -> before.topics().get(topic.name()).topicId().equals(topic.topicId()))
                        .orElse(null);
                if (partition.equals(was)) {
                    continue;
                }
                world.trace().say("database", topic.name() + partition);
                if (was != null
                        && (partition.leaderEpoch() < was.leaderEpoch()
                                || partition.partitionEpoch() <= was.partitionEpoch())) {
                    throw new Violation("P13: the epochs of " + partition + " were " + was);
                }
                if (was != null && partition.leader() != was.leader() && partition.leaderEpoch() == was.leaderEpoch()) {
                    throw new Violation("P19: another leader in the same epoch: " + was + ", " + partition);
                }
                holds(topic, partition);
            }
        }
        before = image;
    }

    /** Whoever is in sync, or may be elected all the same, has every record that was promised to anybody. */
    private void holds(TopicImage topic, PartitionImage partition) {
        Place place = new Place(topic.topicId(), partition.partition());
        long promised = committed.getOrDefault(place, 0L);
        List<Integer> members = new ArrayList<>(partition.isr());
        members.addAll(partition.elr());
        for (int id : members) {
            BrokerProcess broker = world.broker(id).process();
            if (broker == null || !broker.process().alive() || !broker.isRegistered()) {
                continue;
            }
            Partition replica = find(broker, place).orElse(null);
            if (replica != null && !replica.offline() && replica.log().logEndOffset() < promised) {
                throw new Violation("P1: all below " + promised + " was promised, and broker " + id
                        + ", which counts as in sync in " + partition + ", has " + replica);
            }
        }
    }
}
