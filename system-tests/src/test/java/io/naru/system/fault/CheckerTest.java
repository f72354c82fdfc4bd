package io.naru.system.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.system.fault.Anomaly.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The checker itself: what is in order passes, and each anomaly is seen. */
class CheckerTest {
    private final List<Write> writes = new ArrayList<>();
    private final List<Seen> seen = new ArrayList<>();
    private final List<Seen> stored = new ArrayList<>();

    @Test
    void nothingIsInOrder() {
        assertThat(kinds()).isEmpty();
    }

    @Test
    void ackedOnceAndUnknownOnceOrNeverAreInOrder() {
        acked("a", 0, 10);
        unknown("lost without an ack", 20);
        unknown("kept without an ack", 30);
        acked("b", 2, 40);
        store(0, "a");
        store(1, "kept without an ack");
        store(2, "b");
        see(0, "a");
        see(1, "kept without an ack");
        assertThat(kinds()).isEmpty();
    }

    @Test
    void seesLostWrite() {
        acked("a", 0, 10);
        assertThat(kinds()).containsExactly(Kind.LOST_WRITE);
    }

    @Test
    void seesLostWriteWhosePlaceWasTakenByAnother() {
        acked("a", 0, 10);
        unknown("b", 20);
        store(0, "b");
        assertThat(kinds()).containsExactly(Kind.LOST_WRITE);
    }

    @Test
    void seesDuplicate() {
        acked("a", 0, 10);
        store(0, "a");
        store(1, "a");
        assertThat(kinds()).containsExactly(Kind.DUPLICATE);
    }

    @Test
    void seesValueMovedToAnotherOffset() {
        acked("a", 0, 10);
        store(5, "a");
        assertThat(kinds()).containsExactly(Kind.INCONSISTENT_OFFSETS);
    }

    @Test
    void seesReorderedSendsOfOneWriter() {
        acked("a", 1, 10);
        acked("b", 0, 11);
        store(0, "b");
        store(1, "a");
        assertThat(kinds()).contains(Kind.NONMONOTONIC_SEND);
    }

    @Test
    void seesWriteBeforeOneThatHadBeenAckedWhenItBegan() {
        writes.add(new Write(1, "first", 0, 10, new Write.Ack(7, 20)));
        writes.add(new Write(2, "second", 0, 30, new Write.Ack(6, 40)));
        store(6, "second");
        store(7, "first");
        assertThat(kinds()).containsExactly(Kind.REAL_TIME_ORDER);
    }

    @Test
    void letsConcurrentWritesStandInAnyOrder() {
        writes.add(new Write(1, "first", 0, 10, new Write.Ack(7, 50)));
        writes.add(new Write(2, "second", 0, 30, new Write.Ack(6, 40)));
        store(6, "second");
        store(7, "first");
        assertThat(kinds()).isEmpty();
    }

    @Test
    void seesReaderGoBack() {
        acked("a", 0, 10);
        store(0, "a");
        see(0, "a");
        see(0, "a");
        assertThat(kinds()).containsExactly(Kind.NONMONOTONIC_POLL);
    }

    @Test
    void seesReaderPassOverARecord() {
        acked("a", 0, 10);
        acked("b", 1, 20);
        acked("c", 2, 30);
        store(0, "a");
        store(1, "b");
        store(2, "c");
        see(0, "a");
        see(2, "c");
        assertThat(kinds()).containsExactly(Kind.POLL_SKIP);
    }

    @Test
    void seesReaderPassOverTheFirstRecord() {
        acked("a", 0, 10);
        acked("b", 1, 20);
        store(0, "a");
        store(1, "b");
        see(1, "b");
        assertThat(kinds()).containsExactly(Kind.POLL_SKIP);
    }

    @Test
    void seesRecordThatAReaderWasShownAndThatIsGone() {
        unknown("a", 10);
        see(0, "a");
        assertThat(kinds()).containsExactly(Kind.VANISHED);
    }

    @Test
    void seesOffsetThatHeldAnotherValueForAReader() {
        unknown("a", 10);
        acked("b", 0, 20);
        store(0, "b");
        see(0, "a");
        assertThat(kinds()).containsExactly(Kind.INCONSISTENT_OFFSETS);
    }

    @Test
    void seesRecordThatNobodySent() {
        store(0, "x");
        assertThat(kinds()).containsExactly(Kind.UNKNOWN_RECORD);
    }

    private void acked(String value, long offset, long sentNanos) {
        writes.add(new Write(1, value, 0, sentNanos, new Write.Ack(offset, sentNanos + 5)));
    }

    private void unknown(String value, long sentNanos) {
        writes.add(new Write(1, value, 0, sentNanos, null));
    }

    private void store(long offset, String value) {
        stored.add(new Seen(0, 0, offset, value));
    }

    private void see(long offset, String value) {
        seen.add(new Seen(1, 0, offset, value));
    }

    private List<Kind> kinds() {
        return Checker.check(writes, seen, stored).stream().map(Anomaly::kind).toList();
    }
}
