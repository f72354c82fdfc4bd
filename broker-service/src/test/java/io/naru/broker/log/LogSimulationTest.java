package io.naru.broker.log;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Many lives of a log; how many, and how to replay one, is said at {@link Histories}. */
class LogSimulationTest {

    private static final int STEPS = 150;

    @Test
    void noLifeOfALogDiffersFromTheModel() throws IOException {
        Histories.run(LogSimulationTest.class, 2000, (seed, root) -> new LogSimulation(seed, root, true).run(STEPS));
    }

    @Test
    void aDiskThatForgetsWhatWasSyncedIsNoticed() {
        assertThatThrownBy(() -> Histories.run(
                        LogSimulationTest.class, 50, (seed, root) -> new LogSimulation(seed, root, false).run(STEPS)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("-Dnaru.seed=");
    }
}
