package io.naru.simulation;

import io.naru.broker.log.Log;
import io.naru.broker.log.LogRead;
import io.naru.broker.partition.Partition;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.protocol.record.FileSlice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/** Whether the cluster is well: everyone in sync and equal, byte by byte, with all that was promised. */
final class Wholeness {

    private final Simulation world;

    Wholeness(Simulation world) {
        this.world = world;
    }

    /** What is not well yet; empty when all is. */
    Optional<String> missing() {
        for (BrokerMachine machine : world.brokers()) {
            BrokerProcess broker = machine.process();
            if (broker == null || !broker.isRegistered() || isFenced(machine.id())) {
                return Optional.of(machine.name() + " is not there");
            }
            if (machine.rot().isIn(broker.partitions().orElseThrow().all())) {
                return Optional.of(machine.name() + " is rotten");
            }
        }
        for (TopicImage topic : world.image().topics().values()) {
            for (PartitionImage partition : topic.partitions()) {
                Optional<String> missing = missing(topic, partition);
                if (missing.isPresent()) {
                    return missing;
                }
            }
        }
        return Optional.empty();
    }

    private boolean isFenced(int id) {
        return world.image().brokers().get(id).fenced();
    }

    private Optional<String> missing(TopicImage topic, PartitionImage partition) {
        if (partition.leader() == PartitionImage.NO_LEADER
                || partition.isr().size() < partition.replicas().size()
                || partition.reassigning()) {
            return Optional.of(topic.name() + " " + partition);
        }
        List<Partition> replicas = replicas(topic, partition);
        if (replicas.size() < partition.replicas().size()) {
            return Optional.of(topic.name() + " has replicas " + replicas);
        }
        long end = replicas.get(0).log().logEndOffset();
        for (Partition replica : replicas) {
            if (replica.log().logEndOffset() != end || replica.highWatermark() != end) {
                return Optional.of(topic.name() + " has replicas " + replicas);
            }
        }
        return Optional.empty();
    }

    private List<Partition> replicas(TopicImage topic, PartitionImage partition) {
        List<Partition> replicas = new ArrayList<>();
        for (int id : partition.replicas()) {
            BrokerProcess broker = world.broker(id).process();
            if (broker != null) {
                broker.partitions()
                        .flatMap(table -> table.find("", Uuid.fromString(topic.topicId()), partition.partition()))
                        .ifPresent(replicas::add);
            }
        }
        return replicas;
    }

    void check() {
        for (TopicImage topic : world.image().topics().values()) {
            for (PartitionImage partition : topic.partitions()) {
                List<Partition> replicas = replicas(topic, partition);
                byte[] first = bytes(replicas.get(0).log());
                for (Partition replica : replicas) {
                    if (!Arrays.equals(first, bytes(replica.log()))) {
                        throw new Violation("P12: replicas differ: " + replicas);
                    }
                }
                if (topic.internal()) {
                    continue;
                }
                world.ledger().check(new Place(topic.topicId(), partition.partition()), records(first));
            }
        }
    }

    private static byte[] bytes(Log log) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        long next = log.logStartOffset();
        try {
            while (next < log.logEndOffset()) {
                LogRead read = log.read(next, 1 << 20, true, Long.MAX_VALUE);
                MemoryRecords records =
                        read.records() instanceof FileSlice slice ? slice.load() : (MemoryRecords) read.records();
                for (RecordBatch batch : records.batches()) {
                    next = batch.nextOffset();
                }
                ByteBuffer bytes = records.buffer().duplicate();
                byte[] copy = new byte[bytes.remaining()];
                bytes.get(copy);
                all.writeBytes(copy);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.toByteArray();
    }

    private static List<Ledger.Stored> records(byte[] bytes) {
        List<Ledger.Stored> all = new ArrayList<>();
        for (RecordBatch batch :
                MemoryRecords.readableRecords(ByteBuffer.wrap(bytes)).batches()) {
            batch.ensureValid();
            for (Record record : batch) {
                all.add(new Ledger.Stored(
                        record.offset(),
                        StandardCharsets.UTF_8.decode(record.value()).toString()));
            }
        }
        return all;
    }
}
