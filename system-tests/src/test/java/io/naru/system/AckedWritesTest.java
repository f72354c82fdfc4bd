package io.naru.system;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The ledger itself must be able to fail. */
class AckedWritesTest {
    private final AckedWrites writes = new AckedWrites();

    @BeforeEach
    void sendTwoOfWhichOneIsAcked() {
        writes.sending("acked");
        writes.acked("acked", 0, 7);
        writes.sending("unknown");
    }

    @Test
    void isContentWithAckedOncePlusUnknownOnceOrNever() {
        assertThatCode(() -> writes.assertKeptBy(List.of(stored(7, "acked")))).doesNotThrowAnyException();
        assertThatCode(() -> writes.assertKeptBy(List.of(stored(7, "acked"), stored(8, "unknown"))))
                .doesNotThrowAnyException();
    }

    @Test
    void seesALostWrite() {
        assertThatThrownBy(() -> writes.assertKeptBy(List.of())).isInstanceOf(AssertionError.class);
    }

    @Test
    void seesAMovedWrite() {
        assertThatThrownBy(() -> writes.assertKeptBy(List.of(stored(8, "acked"))))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void seesADoubledWrite() {
        assertThatThrownBy(() -> writes.assertKeptBy(List.of(stored(7, "acked"), stored(8, "acked"))))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void seesAnInventedWrite() {
        assertThatThrownBy(() -> writes.assertKeptBy(List.of(stored(7, "acked"), stored(8, "stranger"))))
                .isInstanceOf(AssertionError.class);
    }

    private static ConsumerRecord<String, String> stored(long offset, String value) {
        return new ConsumerRecord<>("t", 0, offset, "k", value);
    }
}
