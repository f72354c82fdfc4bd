package io.naru.gateway.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.format.RecordFormat;
import java.nio.ByteBuffer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;

class RecentPagesTest {

    private static final TopicPartition BUSY = new TopicPartition("t", 0);
    private static final TopicPartition OTHER = new TopicPartition("t", 1);

    private final RecentPages pages = new RecentPages(450);

    @Test
    void whoComesLateFindsThePageBeforeTheLast() {
        RecentPage first = page(0, 10);
        RecentPage second = page(10, 20);
        pages.add(BUSY, first);
        pages.add(BUSY, second);
        assertThat(pages.find(BUSY, 3)).isSameAs(first);
        assertThat(pages.find(BUSY, 10)).isSameAs(second);
        assertThat(pages.find(BUSY, 20)).isNull();
        assertThat(pages.find(OTHER, 3)).isNull();
    }

    @Test
    void theOldestGoWhenThereIsNoRoomAndTheLastStays() {
        RecentPage other = page(0, 10);
        pages.add(OTHER, other);
        for (int i = 0; i < 6; i++) {
            pages.add(BUSY, page(i * 10L, i * 10L + 10));
        }
        assertThat(pages.find(BUSY, 25)).as("three fit beside the other's").isNull();
        assertThat(pages.find(BUSY, 30)).isNotNull();
        assertThat(pages.find(BUSY, 55)).isNotNull();
        assertThat(pages.find(OTHER, 5)).isSameAs(other);
    }

    @Test
    void aPollForALateOneLeavesThePagesOfTheOthers() {
        RecentPage late = page(0, 10);
        RecentPage early = page(20, 30);
        pages.add(BUSY, early);
        pages.add(BUSY, late);
        assertThat(pages.find(BUSY, 5)).isSameAs(late);
        assertThat(pages.find(BUSY, 15)).isNull();
        assertThat(pages.find(BUSY, 25)).isSameAs(early);
        RecentPage more = page(0, 12);
        pages.add(BUSY, more);
        assertThat(pages.find(BUSY, 11)).as("polled again, with more in it").isSameAs(more);
    }

    @Test
    void whatIsForgottenMakesRoom() {
        for (int i = 0; i < 3; i++) {
            pages.add(BUSY, page(i * 10L, i * 10L + 10));
        }
        pages.forget(BUSY);
        assertThat(pages.find(BUSY, 25)).isNull();
        for (int i = 0; i < 3; i++) {
            pages.add(OTHER, page(i * 10L, i * 10L + 10));
        }
        assertThat(pages.find(OTHER, 5))
                .as("nothing of the other is counted any more")
                .isNotNull();
    }

    @Test
    void textIsForWhoIsAtTheSamePlaceAndWantsTheSameForm() {
        RecentPage page = page(0, 10);
        RecordFormats text = new RecordFormats(RecordFormat.TEXT, RecordFormat.TEXT);
        RecordFormats auto = new RecordFormats(RecordFormat.AUTO, RecordFormat.AUTO);
        RecentPage.Lines lines = new RecentPage.Lines(new byte[5], 10, 7);
        page.leave(new RecentPage.Place(true, text, 3, 7), lines);
        assertThat(page.lines(new RecentPage.Place(true, text, 3, 7))).isSameAs(lines);
        assertThat(page.lines(new RecentPage.Place(false, text, 3, 7))).isNull();
        assertThat(page.lines(new RecentPage.Place(true, auto, 3, 7))).isNull();
        assertThat(page.lines(new RecentPage.Place(true, text, 4, 7))).isNull();
        assertThat(page.lines(new RecentPage.Place(true, text, 3, 8)))
                .as("its ids tell where the reader is in the other partition")
                .isNull();
    }

    @Test
    void whoeverBeginsAmidAPageLeavesOnlySoManyPieces() {
        RecentPage page = page(0, 1000);
        RecordFormats text = new RecordFormats(RecordFormat.TEXT, RecordFormat.TEXT);
        RecentPage.Lines lines = new RecentPage.Lines(new byte[5], 1000, 7);
        for (int i = 0; i < 1000; i++) {
            page.leave(new RecentPage.Place(true, text, i), lines);
        }
        assertThat(page.lines(new RecentPage.Place(true, text, 0))).isSameAs(lines);
        assertThat(page.lines(new RecentPage.Place(true, text, 999))).isNull();
    }

    private static RecentPage page(long from, long behind) {
        MemoryRecords records = MemoryRecords.readableRecords(ByteBuffer.allocate(100));
        return new RecentPage(new Fetched(Errors.NONE, records, behind, behind, null), from, behind);
    }
}
