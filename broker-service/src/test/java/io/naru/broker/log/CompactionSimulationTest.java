package io.naru.broker.log;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Many lives of a compacted log; how many, and how to replay one, is said at {@link Histories}. */
class CompactionSimulationTest {

    private static final int STEPS = 120;

    @Test
    void compactionLosesNothingThatCounts() throws IOException {
        Histories.run(
                CompactionSimulationTest.class, 500, (seed, root) -> new CompactionSimulation(seed, root).run(STEPS));
    }
}
