package io.naru.broker.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.broker.log.Batches;
import io.naru.broker.partition.FetchPosition;
import io.naru.broker.partition.FollowerId;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.PartitionRead;
import io.naru.broker.partition.Replicas;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.Endpoint;
import io.naru.cluster.PartitionImage;
import io.naru.protocol.record.FileSlice;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Broker 1 leads, 2 follows and has everything, 3 is not in sync. What they send each other is carried by hand. */
class ReplicaRepairsTest {

    private static final int RECORDS = 40;
    private static final long DAMAGED = 7;

    @TempDir
    private Path dir;

    private final ManualRuntime runtime = new ManualRuntime();
    private final List<TopicPartition> lookedAgain = new ArrayList<>();
    private Replicas one;
    private Replicas two;
    private Partition leader;
    private Partition follower;

    @BeforeEach
    void fill() throws IOException {
        one = new Replicas(1, dir.resolve("1"));
        two = new Replicas(2, dir.resolve("2"));
        leader = one.image(1, 5, 1, Set.of(1, 2), 0);
        follower = two.image(1, 5, 1, Set.of(1, 2), 0);
        for (int i = 0; i < RECORDS; i++) {
            leader.append(Batches.of(Replicas.NOW, "value-" + i), (short) 1, Replicas.NOW);
        }
        ReplicaFetcher fetcher = new ReplicaFetcher(FetchSettings.of(2), 1);
        fetcher.follow(List.of(follower));
        for (int round = 0; round < 3; round++) {
            FetchPartition wanted = fetcher.next(20, 0)
                    .orElseThrow()
                    .topics()
                    .get(0)
                    .partitions()
                    .get(0);
            PartitionRead read = leader.readAsReplica(
                    new FollowerId(2, 20), new FetchPosition(wanted.fetchOffset(), 5, -1), 1 << 20, true, true, 0);
            fetcher.answered(answer(read), 0, Replicas.NOW);
        }
        assertThat(follower.highWatermark()).isEqualTo(RECORDS);
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    private static FetchResponseData answer(PartitionRead read) {
        try {
            MemoryRecords records =
                    read.records() instanceof FileSlice slice ? slice.load() : (MemoryRecords) read.records();
            return answer(new PartitionData().setRecords(records).setHighWatermark(read.highWatermark()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static FetchResponseData answer(PartitionData data) {
        return new FetchResponseData()
                .setResponses(List.of(new FetchableTopicResponse()
                        .setTopicId(Replicas.topicId())
                        .setPartitions(List.of(data))));
    }

    private ReplicaRepairs repairs(Replicas broker, int id) {
        ReplicaRepairs repairs = new ReplicaRepairs(id, broker.table(), runtime, lookedAgain::add);
        Map<Integer, BrokerImage> brokers = new TreeMap<>();
        for (int other = 1; other <= 3; other++) {
            Endpoint endpoint = new Endpoint("broker-" + other, 9092);
            brokers.put(other, new BrokerImage(other, 10L * other, endpoint, endpoint, null, false, Map.of()));
        }
        repairs.apply(new ClusterImage(
                1, 1, "cluster", new TreeMap<>(brokers), new TreeMap<>(), new TreeMap<>(), List.of(), Map.of()));
        return repairs;
    }

    private static byte[] bytes(Partition partition) throws IOException {
        return Files.readAllBytes(partition.log().directory().resolve("00000000000000000000.log"));
    }

    /** Flips a bit in the batch of one record, {@code inBatch} bytes from its beginning. */
    private static void flip(Partition partition, int inBatch) throws IOException {
        int position = partition.log().read(DAMAGED, 1, true, RECORDS).position() + inBatch;
        Path file = partition.log().directory().resolve("00000000000000000000.log");
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(position);
            int before = open.read();
            open.seek(position);
            open.write(before ^ 4);
        }
    }

    private static PartitionRead read(Partition partition, long offset) {
        return partition.reads().read(new FetchPosition(offset, 5, -1), 1 << 20, true);
    }

    private FetchPosition asked() {
        FetchRequestData request = runtime.fetches.get(runtime.fetches.size() - 1);
        FetchPartition wanted = request.topics().get(0).partitions().get(0);
        return new FetchPosition(wanted.fetchOffset(), wanted.currentLeaderEpoch(), -1);
    }

    @Test
    void aLeaderServesNoDamageAndIsRepairedByAFollowerInSync() throws IOException {
        for (int inBatch :
                new int[] {3, 7, 11, 15, 18, 22, 40, 70}) { // offset, length, epoch, CRC, attributes, payload
            byte[] whole = bytes(leader);
            ReplicaRepairs repairs = repairs(one, 1);
            flip(leader, inBatch);
            assertThatThrownBy(() -> read(leader, DAMAGED))
                    .as("byte " + inBatch)
                    .isInstanceOf(KafkaStorageException.class);
            repairs.tick();
            runtime.pass(0);
            assertThat(runtime.fetches
                            .get(runtime.fetches.size() - 1)
                            .replicaState()
                            .replicaId())
                    .isEqualTo(1);
            PartitionRead good = follower.readAsReplica(new FollowerId(1, 10), asked(), 1 << 20, true, true, 0);
            runtime.fetchAnswers.remove().complete(answer(good));
            runtime.pass(0);
            assertThat(repairs.repaired()).as("byte " + inBatch).isEqualTo(1);
            assertThat(bytes(leader)).isEqualTo(whole);
            assertThat(Batches.read(read(leader, DAMAGED).records())).hasSize(RECORDS - (int) DAMAGED);
            assertThat(leader.log().damage()).isEmpty();
        }
        assertThat(lookedAgain).contains(leader.name());
    }

    @Test
    void aFollowerAsksItsLeaderAsAnyClientDoes() throws IOException {
        byte[] whole = bytes(follower);
        flip(follower, 70);
        assertThatThrownBy(() -> follower.log().readForReplica(DAMAGED, 1 << 20, true, RECORDS))
                .isInstanceOf(CorruptRecordException.class);
        ReplicaRepairs repairs = repairs(two, 2);
        repairs.tick();
        runtime.pass(0);
        assertThat(runtime.fetches.get(0).replicaState().replicaId())
                .as("what it asks for is not where it stands")
                .isEqualTo(-1);
        runtime.fetchAnswers.remove().complete(answer(read(leader, asked().offset())));
        runtime.pass(0);
        assertThat(repairs.repaired()).isEqualTo(1);
        assertThat(bytes(follower)).isEqualTo(whole);
        assertThat(leader.highWatermark()).isEqualTo(RECORDS);
    }

    @Test
    void damageIsNotSpread() throws IOException {
        flip(leader, 70);
        flip(follower, 70);
        byte[] before = bytes(leader);
        ReplicaRepairs repairs = repairs(one, 1);
        assertThatThrownBy(() -> read(leader, DAMAGED)).isInstanceOf(ApiException.class);
        repairs.tick();
        runtime.pass(0);
        assertThatThrownBy(() -> follower.readAsReplica(new FollowerId(1, 10), asked(), 1 << 20, true, true, 0))
                .isInstanceOf(CorruptRecordException.class);
        runtime.fetchAnswers.remove().complete(answer(new PartitionData().setErrorCode(Errors.CORRUPT_MESSAGE.code())));
        runtime.pass(0);
        assertThat(bytes(leader)).isEqualTo(before);
        assertThat(repairs.repaired()).isZero();
        repairs.tick();
        assertThat(runtime.fetches).as("not at once").hasSize(1);
        runtime.pass(60_000);
        repairs.tick();
        runtime.pass(0);
        assertThat(runtime.fetches).as("but again").hasSize(2);
        MemoryRecords wrong = Batches.stored(Batches.of(Replicas.NOW, "another"), DAMAGED + 1, 5);
        runtime.fetchAnswers.remove().complete(answer(new PartitionData().setRecords(wrong)));
        runtime.pass(0);
        assertThat(bytes(leader)).as("what does not fit is not taken").isEqualTo(before);
        assertThat(read(leader, 0).records().sizeInBytes())
                .as("what lies before is served")
                .isPositive();
    }

    @Test
    void aFollowerServesItsLeaderAndNobodyElse() {
        FetchPosition from = new FetchPosition(0, 5, -1);
        assertThatThrownBy(() -> follower.readAsReplica(new FollowerId(3, 30), from, 100, true, true, 0))
                .isInstanceOf(NotLeaderOrFollowerException.class);
        assertThatThrownBy(() -> follower.reads().read(from, 100, true))
                .isInstanceOf(NotLeaderOrFollowerException.class);
        assertThatThrownBy(() ->
                        follower.readAsReplica(new FollowerId(1, 10), new FetchPosition(0, 4, -1), 100, true, true, 0))
                .isInstanceOf(NotLeaderOrFollowerException.class);
    }

    @Test
    void whereThereIsNoOtherReplicaClientsAreTold() throws IOException {
        leader = one.image(new PartitionImage(0, List.of(1), List.of(1), 1, 6, 9), 0);
        flip(leader, 70);
        assertThatThrownBy(() -> leader.reads().read(new FetchPosition(DAMAGED, 6, -1), 100, true))
                .isInstanceOf(CorruptRecordException.class);
    }
}
