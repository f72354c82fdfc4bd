package io.naru.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReplicationQuotaTest {

    private final ReplicationQuota quota = new ReplicationQuota();

    @Test
    void withoutARateNobodyWaits() {
        quota.took(Long.MAX_VALUE, 0);
        assertThat(quota.waitMs(0)).isZero();
    }

    @Test
    void whatWasTakenIsWaitedFor() {
        quota.rate(10_000, 0);
        assertThat(quota.waitMs(100)).isZero();
        quota.took(6_000, 100);
        assertThat(quota.waitMs(100)).as("1000 were left, 5000 are owed").isEqualTo(501);
        assertThat(quota.waitMs(600)).isEqualTo(1);
        assertThat(quota.waitMs(601)).isZero();
    }

    @Test
    void noMoreThanASecondIsSaved() {
        quota.rate(10_000, 0);
        quota.took(10_001, 60_000);
        assertThat(quota.waitMs(60_000)).isPositive();
    }

    @Test
    void noWaitIsLongerThanASecondForTheRateMayChange() {
        quota.rate(1, 0);
        quota.took(1_000_000, 10);
        assertThat(quota.waitMs(10)).isEqualTo(1_000);
        quota.rate(1_000, 20);
        assertThat(quota.waitMs(21)).as("a new rate owes nothing").isZero();
    }

    @Test
    void aRateOfZeroLetsNothingThrough() {
        quota.rate(0, 0);
        assertThat(quota.waitMs(1_000_000)).isEqualTo(1_000);
    }

    @Test
    void aClockThatStandsStillGivesNothing() {
        quota.rate(1_000, 50);
        assertThat(quota.waitMs(50)).isPositive();
        assertThat(quota.waitMs(40)).isPositive();
    }
}
