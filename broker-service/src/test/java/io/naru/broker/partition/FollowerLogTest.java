package io.naru.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.broker.log.Batches;
import io.naru.broker.partition.FollowerLog.LeaderAnswer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas, one after the other leading, with real logs. */
class FollowerLogTest {

    private static final long NOW = Replicas.NOW;
    private static final Set<Integer> ALL = Set.of(1, 2);

    @TempDir
    private Path dir;

    private Replicas one;
    private Replicas two;
    private int epoch;

    @BeforeEach
    void open() throws IOException {
        one = new Replicas(1, dir.resolve("one"));
        two = new Replicas(2, dir.resolve("two"));
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    private void lead(int leader) {
        epoch++;
        one.image(leader, epoch, epoch, ALL, 0);
        two.image(leader, epoch, epoch, ALL, 0);
    }

    private Partition partition(Replicas replicas) {
        return replicas.table().require("orders", org.apache.kafka.common.Uuid.ZERO_UUID, 0);
    }

    private void append(Replicas leader, String value) {
        partition(leader).append(Batches.of(NOW, value), (short) 1, NOW);
    }

    /** Fetches until the follower has what the leader has; how many fetches it took. */
    private int follow(Replicas follower, Replicas leader) {
        FollowerLog log = partition(follower).asFollower();
        FollowerId id = follower == one ? new FollowerId(1, 10) : new FollowerId(2, 20);
        for (int fetches = 1; fetches < 10; fetches++) {
            FetchPosition from = log.position(epoch);
            PartitionRead read = partition(leader).readAsReplica(id, from, 10_000, true, true, 0);
            if (read.diverging() != null) {
                log.truncate(epoch, read.diverging());
            } else if (read.records().sizeInBytes() == 0) {
                log.append(epoch, from.offset(), answer(MemoryRecords.EMPTY, read), NOW);
                return fetches;
            } else {
                log.append(epoch, from.offset(), answer(load(read), read), NOW);
            }
        }
        throw new AssertionError("it goes on for ever: " + partition(follower));
    }

    private static MemoryRecords load(PartitionRead read) {
        try {
            return ((io.naru.protocol.record.FileSlice) read.records()).load();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static LeaderAnswer answer(MemoryRecords records, PartitionRead read) {
        return new LeaderAnswer(records, read.highWatermark(), read.logStartOffset());
    }

    private void assertSame(String... contents) {
        assertThat(Batches.contents(partition(one).log(), 0)).containsExactly(contents);
        assertThat(Batches.contents(partition(two).log(), 0)).containsExactly(contents);
    }

    @Test
    void aFollowerBecomesByteEqualAndLearnsWhatIsCommitted() {
        lead(1);
        append(one, "a");
        append(one, "b");
        follow(two, one);
        assertSame("0=a", "1=b");
        assertThat(partition(one).highWatermark()).isEqualTo(2);
        assertThat(partition(two).highWatermark()).isEqualTo(2);
    }

    @Test
    void whatTheOldLeaderHadAloneGoesAndWhatWasCommittedStays() {
        lead(1);
        append(one, "a");
        follow(two, one);
        append(one, "alone");
        lead(2);
        append(two, "b");
        follow(one, two);
        assertSame("0=a", "1=b");
        assertThat(partition(one).log().latestEpoch()).hasValue(2);
    }

    /** KIP-101: the follower's high watermark is behind, and truncating to it would lose a committed record. */
    @Test
    void aFollowerThatDoesNotKnowThatARecordIsCommittedKeepsIt() throws IOException {
        lead(1);
        append(one, "a");
        FollowerLog log = partition(two).asFollower();
        PartitionRead read =
                partition(one).readAsReplica(new FollowerId(2, 20), log.position(epoch), 10_000, true, true, 0);
        log.append(epoch, 0, answer(load(read), read), NOW);
        assertThat(partition(two).highWatermark()).isZero();
        two.restart();
        lead(2);
        assertThat(Batches.contents(partition(two).log(), 0)).containsExactly("0=a");
        follow(one, two);
        assertSame("0=a");
    }

    /** KIP-279: epochs that one side does not know, on both sides. */
    @Test
    void twoFailoversLeaveNoDivergence() {
        lead(1);
        append(one, "a");
        follow(two, one);
        append(one, "one-1");
        append(one, "one-2");
        epoch = 2;
        two.image(2, 2, 2, ALL, 0);
        append(two, "two-1");
        epoch = 3;
        one.image(1, 3, 3, ALL, 0);
        append(one, "one-3");
        epoch = 4;
        two.image(2, 4, 4, ALL, 0);
        append(two, "two-2");
        one.image(2, 4, 4, ALL, 0);
        follow(one, two);
        assertSame("0=a", "1=two-1", "2=two-2");
    }

    @Test
    void anEpochInWhichNothingWasAppendedIsNoHindrance() {
        lead(1);
        append(one, "a");
        follow(two, one);
        epoch = 2;
        one.image(1, 2, 2, ALL, 0); // leads, and appends nothing
        epoch = 3;
        two.image(2, 3, 3, ALL, 0);
        one.image(2, 3, 3, ALL, 0);
        append(two, "b");
        follow(one, two);
        assertSame("0=a", "1=b");
    }

    @Test
    void answersOfAnotherTimeAreLeftAside() {
        lead(1);
        append(one, "a");
        FollowerLog log = partition(two).asFollower();
        PartitionRead read =
                partition(one).readAsReplica(new FollowerId(2, 20), log.position(epoch), 10_000, true, true, 0);
        MemoryRecords records = load(read);
        assertThat(log.append(epoch, 0, answer(records, read), NOW)).isTrue();
        assertThat(log.append(epoch, 0, answer(records, read), NOW)).as("twice").isTrue();
        assertThat(partition(two).log().logEndOffset()).isEqualTo(1);
        int before = epoch;
        lead(2);
        assertThat(log.append(before, 1, answer(records, read), NOW)).isFalse();
        assertThat(log.restartAt(before, 7)).isFalse();
        assertThat(partition(two).log().logEndOffset()).isEqualTo(1);
    }

    /** The fetch was under way when the image came; with two threads its answer may come after it. */
    @Test
    void anAnswerOfTheLeaderBeforeIsLeftAside() {
        lead(1);
        append(one, "a");
        FollowerLog log = partition(two).asFollower();
        PartitionRead read =
                partition(one).readAsReplica(new FollowerId(2, 20), log.position(epoch), 10_000, true, true, 0);
        two.image(3, epoch + 1, epoch + 1, ALL, 0);
        assertThat(log.append(epoch, 0, answer(load(read), read), NOW)).isFalse();
        assertThat(log.truncateTo(epoch, 0)).isFalse();
        assertThat(partition(two).log().logEndOffset()).isZero();
        assertThat(partition(two).highWatermark()).isZero();
    }

    @Test
    void aDamagedBatchIsNotStored() {
        lead(1);
        append(one, "a");
        FollowerLog log = partition(two).asFollower();
        PartitionRead read =
                partition(one).readAsReplica(new FollowerId(2, 20), log.position(epoch), 10_000, true, true, 0);
        MemoryRecords records = load(read);
        records.buffer().put(70, (byte) (records.buffer().get(70) ^ 1));
        assertThatThrownBy(() -> log.append(epoch, 0, answer(records, read), NOW))
                .isInstanceOf(CorruptRecordException.class);
        assertThat(partition(two).log().logEndOffset()).isZero();
        assertThat(partition(two).highWatermark()).isZero();
    }

    @Test
    void aLogThatStartsInTheMiddleOfABatchIsFollowedFromThere() {
        lead(1);
        partition(one).append(Batches.of(NOW, "a", "b", "c"), (short) 1, NOW);
        append(one, "d");
        one.image(1, 1, 2, Set.of(1), 0);
        assertThat(partition(one).deleteRecords(2)).isEqualTo(2);
        FollowerLog log = partition(two).asFollower();
        log.restartAt(epoch, 2);
        follow(two, one);
        assertThat(partition(two).log().logStartOffset()).isEqualTo(2);
        assertThat(Batches.contents(partition(two).log(), 2)).containsExactly("2=c", "3=d");
    }
}
