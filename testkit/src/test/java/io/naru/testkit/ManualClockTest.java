package io.naru.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class ManualClockTest {

    @Test
    void standsStillUntilTold() {
        ManualClock clock = ManualClock.atMs(1_000);
        assertThat(clock.millis()).isEqualTo(1_000);
        assertThat(clock.advance(Duration.ofMillis(5))).isEqualTo(Instant.ofEpochMilli(1_005));
        clock.setTo(Instant.ofEpochMilli(3));
        assertThat(clock.millis()).isEqualTo(3);
    }

    @Test
    void movesTogetherInEveryZone() {
        ManualClock clock = ManualClock.atMs(0);
        Clock seoul = clock.withZone(ZoneId.of("Asia/Seoul"));
        clock.advance(Duration.ofHours(1));
        assertThat(seoul.instant()).isEqualTo(clock.instant());
        assertThat(seoul.getZone()).isEqualTo(ZoneId.of("Asia/Seoul"));
    }

    @Test
    void refusesToAdvanceBackwards() {
        assertThatThrownBy(() -> ManualClock.atMs(0).advance(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
