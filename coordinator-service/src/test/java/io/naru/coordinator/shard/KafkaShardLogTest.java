package io.naru.coordinator.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.cluster.GroupShards;
import io.naru.coordinator.record.CoordinatorRecord;
import io.naru.protocol.client.ClientOptions;
import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.MetadataCache;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.InvalidRecordException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract over sockets, and what happens when the network or the broker does not play along. */
class KafkaShardLogTest extends ShardLogContract {

    private final MemoryBroker broker = new MemoryBroker(3);
    private final KafkaClient client = new KafkaClient(ClientOptions.named(GroupShards.WRITER_CLIENT_ID), 1);
    private final MetadataCache metadata = new MetadataCache(client, List.of(broker.address()), 60_000);
    private final ShardPartitions partitions = new KafkaShardPartitions(client, () -> Optional.of(metadata));

    @Override
    ShardLog open(int epoch) {
        return new KafkaShardLog(partitions, Clock.systemUTC(), 2, epoch);
    }

    @AfterEach
    void close() {
        client.close();
        broker.close();
    }

    @Test
    void anAppendIsTriedUntilItIsAnsweredAndAppendedOnce() {
        broker.faults.addAll(List.of(
                MemoryBroker.Fault.NOT_LEADER,
                MemoryBroker.Fault.ANSWER_LOST,
                MemoryBroker.Fault.TIMED_OUT,
                MemoryBroker.Fault.NOT_LEADER));
        ShardLog log = open(0);

        get(log.append(List.of(record(1))));
        get(log.append(List.of(record(2))));

        assertThat(readAll(log)).containsExactly(record(1), record(2));
    }

    @Test
    void whatIsRefusedForGoodIsSaidSo() {
        ShardLog log = open(0);
        get(log.append(List.of(record(1))));
        broker.faults.add(MemoryBroker.Fault.REFUSED);

        assertThatThrownBy(() -> get(log.append(List.of(record(2)))))
                .hasRootCauseInstanceOf(InvalidRecordException.class);

        get(log.append(List.of(record(3))));
        assertThat(readAll(log)).containsExactly(record(1), record(3));
    }

    @Test
    void aReadIncludesWhatWasAppendedThoughTheLeaderDoesNotKnowYet() {
        ShardLog log = open(0);
        get(log.append(List.of(record(1), record(2))));
        broker.staleReads = 3;

        assertThat(readAll(log)).containsExactly(record(1), record(2));
    }

    @Test
    void damageIsNotReplayedButAskedForAgain() {
        ShardLog log = open(0);
        get(log.append(List.of(record(1))));
        get(log.append(List.of(record(2))));
        broker.damagedReads = 3;

        assertThat(readAll(log)).containsExactly(record(1), record(2));
    }

    @Test
    void anOwnerGoesOnAfterItsLogHasLostItsEnd() {
        ShardLog log = open(0);
        get(log.append(List.of(record(1), record(2))));
        broker.loseEverything(2);

        assertThatThrownBy(() -> get(log.append(List.of(record(3))))).isNotNull();
        get(log.append(List.of(CoordinatorRecord.barrier())));
        get(log.append(List.of(record(4))));

        assertThat(readAll(log)).containsExactly(CoordinatorRecord.barrier(), record(4));
    }

    @Test
    void ownersBeyondTheLastProducerEpochStillFenceEarlierOnes() {
        ShardLog early = open(ShardProducer.EPOCHS_PER_ERA - 1);
        get(early.append(List.of(record(1))));
        ShardLog late = open(ShardProducer.EPOCHS_PER_ERA);
        get(late.append(List.of(record(2))));

        assertThatThrownBy(() -> get(early.append(List.of(record(3)))))
                .hasRootCauseInstanceOf(ShardFencedException.class);
        ShardLog later = open(ShardProducer.EPOCHS_PER_ERA + 1);
        get(later.append(List.of(record(4))));
        assertThatThrownBy(() -> get(late.append(List.of(record(5)))))
                .hasRootCauseInstanceOf(ShardFencedException.class);
        assertThat(readAll(later)).containsExactly(record(1), CoordinatorRecord.barrier(), record(2), record(4));
    }

    @Test
    void aClosedLogGivesUp() {
        ShardLog log = open(0);
        for (int i = 0; i < 1_000; i++) {
            broker.faults.add(MemoryBroker.Fault.NOT_LEADER);
        }
        CompletableFuture<Void> append = log.append(List.of(record(1)));

        log.close();

        assertThatThrownBy(() -> get(append)).hasRootCauseInstanceOf(ShardFencedException.class);
    }

    @Test
    void producersOfDifferentShardsAndErasAreDifferent() {
        assertThat(List.of(
                        ShardProducer.of(0, 0).id(),
                        ShardProducer.of(1, 0).id(),
                        ShardProducer.of(0, 32_767).id(),
                        ShardProducer.of(1, 70_000).id()))
                .doesNotHaveDuplicates()
                .allMatch(id -> id > Long.MAX_VALUE / 2);
        assertThat(ShardProducer.of(7, 32_766).epoch()).isEqualTo((short) 32_766);
        assertThat(ShardProducer.of(7, 32_767).epoch()).isZero();
        assertThat(ShardProducer.of(7, 32_766).endOfFormerEra()).isEmpty();
        assertThat(ShardProducer.of(7, 32_767).endOfFormerEra())
                .hasValueSatisfying(end -> assertThat(end.epoch()).isEqualTo(Short.MAX_VALUE));
    }
}
