package io.naru.coordinator.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.coordinator.record.CommittedOffset;
import io.naru.coordinator.record.CoordinatorRecord;
import io.naru.coordinator.record.CoordinatorRecord.OffsetCommit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** What every log behind a shard does. */
abstract class ShardLogContract {

    /** The same log for the owner under {@code epoch}; another one for each test. */
    abstract ShardLog open(int epoch);

    static CoordinatorRecord record(int number) {
        return record(number, "");
    }

    static CoordinatorRecord record(int number, String metadata) {
        return new OffsetCommit("g", "t", number, new CommittedOffset(number, 1, metadata, 1000, -1, Uuid.ONE_UUID));
    }

    static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(30, TimeUnit.SECONDS).join();
    }

    static List<CoordinatorRecord> readAll(ShardLog log) {
        List<CoordinatorRecord> records = new ArrayList<>();
        get(log.readAll(records::add));
        return records;
    }

    @Test
    void anEmptyLogHasNothingToRead() {
        assertThat(readAll(open(0))).isEmpty();
    }

    @Test
    void whatIsAppendedIsReadInOrder() {
        ShardLog log = open(3);
        get(log.append(List.of(record(1), record(2))));
        get(log.append(List.of(CoordinatorRecord.barrier())));
        get(log.append(List.of(record(3))));

        assertThat(readAll(log)).containsExactly(record(1), record(2), CoordinatorRecord.barrier(), record(3));
        get(log.append(List.of(record(4))));
        assertThat(readAll(open(4))).hasSize(5).endsWith(record(4));
    }

    @Test
    void aLaterOwnerFencesTheEarlierOne() {
        ShardLog early = open(0);
        get(early.append(List.of(record(1))));
        ShardLog late = open(1);
        get(late.append(List.of(CoordinatorRecord.barrier())));

        assertThatThrownBy(() -> get(early.append(List.of(record(2)))))
                .hasRootCauseInstanceOf(ShardFencedException.class);
        assertThatThrownBy(() -> get(early.append(List.of(record(2)))))
                .hasRootCauseInstanceOf(ShardFencedException.class);
        get(late.append(List.of(record(3))));
        assertThat(readAll(late)).containsExactly(record(1), CoordinatorRecord.barrier(), record(3));
    }

    @Test
    void moreThanABatchIsAppendedWhole() {
        List<CoordinatorRecord> many = IntStream.range(0, 600)
                .mapToObj(i -> record(i, "x".repeat(4_000)))
                .toList();
        ShardLog log = open(0);

        get(log.append(many));
        get(log.append(List.of(record(1_000))));

        assertThat(readAll(log))
                .hasSize(601)
                .startsWith(many.get(0), many.get(1))
                .endsWith(record(1_000));
    }
}
