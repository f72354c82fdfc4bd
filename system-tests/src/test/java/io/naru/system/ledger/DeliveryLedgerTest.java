package io.naru.system.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DeliveryLedgerTest {

    private final DeliveryLedger ledger = new DeliveryLedger();

    @Test
    void whatIsGivenOutAgainBeforeItIsAcknowledgedIsNoAnomaly() {
        ledger.written("a");
        ledger.delivered("one", ledger.moment(), List.of("a"));
        long asked = ledger.moment();
        ledger.acked("by one", List.of("a"));
        ledger.delivered("two", asked, List.of("a"));

        assertThat(ledger.anomalies()).isEmpty();
        assertThat(ledger.acked()).isEqualTo(1);
        assertThat(ledger.deliveries()).isEqualTo(2);
    }

    @Test
    void whatIsAskedForAfterTheAcknowledgementAndComesAgainIsOne() {
        ledger.written("a");
        ledger.delivered("one", ledger.moment(), List.of("a"));
        ledger.acked("by one", List.of("a"));
        ledger.delivered("two", ledger.moment(), List.of("a"));

        assertThat(ledger.anomalies()).singleElement().asString().contains("two was given a");
    }

    @Test
    void whatNeverArrivesIsLost() {
        ledger.written("a");
        ledger.written("b");
        ledger.delivered("one", ledger.moment(), List.of("b"));

        assertThat(ledger.anomalies()).singleElement().asString().contains("1 records never arrived: [a]");
    }

    @Test
    void whatNobodyWroteOrComesTwiceInOneAnswerIsAnAnomaly() {
        ledger.written("a");
        ledger.delivered("one", ledger.moment(), List.of("a", "a", "x"));

        assertThat(ledger.anomalies()).hasSize(2);
    }
}
