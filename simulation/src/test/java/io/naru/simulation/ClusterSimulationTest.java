package io.naru.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lives of whole clusters. {@code -Dnaru.simulation.seed=N} replays one, {@code -Dnaru.simulation.seeds=N} lives so many from seed 1 on;
 * {@code -Dnaru.simulation.log=INFO} shows what happens while it does.
 */
class ClusterSimulationTest {

    private static final Logger log = LoggerFactory.getLogger("figures");
    private static final long SEEDS = 500;

    @Test
    @Timeout(value = 12, unit = TimeUnit.HOURS)
    void promisesAreKeptWhateverHappens() throws IOException {
        Long only = Long.getLong("naru.simulation.seed");
        long last = only != null ? only : Long.getLong("naru.simulation.seeds", SEEDS);
        Seeds.Figures figures = Seeds.run(only != null ? only : 1, last);
        log.atInfo().log("{}", figures);
        assertThat(figures.acked())
                .as("a life in which nothing is written proves nothing")
                .isPositive();
        assertThat(figures.seen()).isPositive();
        if (last > 1 && only == null) {
            assertThat(figures.commits()).isPositive();
        }
    }

    @Test
    void theSameSeedIsTheSameLife(@TempDir Path directory) {
        Simulation one = new Simulation(4, directory.resolve("one"));
        one.run();
        one.end();
        Simulation again = new Simulation(4, directory.resolve("again"));
        again.run();
        again.end();
        assertThat(again.trace().fingerprint()).isEqualTo(one.trace().fingerprint());
        assertThat(again.events().ran()).isEqualTo(one.events().ran());
    }
}
