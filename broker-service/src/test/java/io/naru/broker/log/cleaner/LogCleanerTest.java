package io.naru.broker.log.cleaner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LogCleanerTest {

    private final List<String> cleaned = new ArrayList<>();
    private final List<Fake> logs = new ArrayList<>();
    private final LogCleaner cleaner = new LogCleaner(() -> logs, 1000, Throttle.NONE);

    private final List<Long> maps = new ArrayList<>();

    private final class Fake implements Cleanable {

        private final String topic;
        private Dirtiness dirtiness;
        private boolean fails;

        Fake(String topic, long clean, long dirty, boolean overdue) {
            this.topic = topic;
            this.dirtiness = new Dirtiness(clean, dirty, overdue, 0.5);
            logs.add(this);
        }

        @Override
        public TopicPartition topicPartition() {
            return new TopicPartition(topic, 0);
        }

        @Override
        public Dirtiness dirtiness(long nowMs) {
            return dirtiness;
        }

        @Override
        public CleaningResult clean(long mapBytesMax, Throttle throttle, long nowMs) throws IOException {
            if (fails) {
                throw new IOException("No space left on device");
            }
            cleaned.add(topic);
            maps.add(mapBytesMax);
            CleaningResult result = new CleaningResult(dirtiness.dirtyBytes(), 1, 9);
            dirtiness = new Dirtiness(dirtiness.cleanBytes() + 1, 0, false, 0.5);
            return result;
        }
    }

    @Test
    void overdueLogsComeFirstThenTheDirtiestAndCleanOnesNever() {
        new Fake("half", 50, 50, false);
        new Fake("dirty", 10, 90, false);
        new Fake("clean", 51, 49, false);
        new Fake("overdue", 90, 10, true);
        new Fake("empty", 0, 0, false);
        while (cleaner.cleanDirtiest(0)) {
            assertThat(cleaned).hasSizeLessThan(10);
        }
        assertThat(cleaned).containsExactly("overdue", "dirty", "half");
        assertThat(cleaner.stats()).isEqualTo(new CleanerStats(49, 0, 0, 0.49, 3, 150, 3));
    }

    @Test
    void theBufferThatIsSetWhileItRunsCountsFromTheNextLogOn() {
        new Fake("first", 0, 100, false);
        new Fake("second", 10, 90, false);
        cleaner.cleanDirtiest(0);
        cleaner.mapBytesMax(77_000);
        cleaner.cleanDirtiest(0);
        assertThat(maps).containsExactly(1000L, 77_000L);
    }

    @Test
    void aFullDiskIsTriedAgainLaterAndHoldsUpNobody() {
        Fake full = new Fake("full", 0, 100, false);
        full.fails = true;
        new Fake("other", 10, 90, false);
        assertThat(cleaner.cleanDirtiest(0)).isTrue();
        assertThat(cleaner.cleanDirtiest(1)).isTrue();
        assertThat(cleaned).containsExactly("other");
        assertThat(cleaner.cleanDirtiest(2)).isFalse();
        full.fails = false;
        assertThat(cleaner.cleanDirtiest(LogCleaner.RETRY_MS)).isTrue();
        assertThat(cleaned).containsExactly("other", "full");
    }
}
