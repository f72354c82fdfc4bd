package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.system.program.GroupProgram;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.ReferenceKafka;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Members of groups, and those who administer them, see the same on Naru as on Apache Kafka. */
@Timeout(400)
class GroupProgramIT {

    @Test
    void groupsSeeTheSameOnNaruAsOnApacheKafka() throws Exception {
        List<String> reference;
        try (ReferenceKafka kafka = ReferenceKafka.start()) {
            reference = GroupProgram.run(kafka).lines();
        }
        assertThat(reference)
                .as("two programs that both failed in the same way would be equal too")
                .contains("RangeAssignor shares: [[0, 1], [2, 3]]", "static nobody noticed: true", "left at once: true")
                .hasSizeGreaterThan(60);
        try (NaruCluster naru = NaruCluster.standalone()
                .property("naru.coordinator.group.classic.initial-rebalance-delay", "0ms")
                .start()) {
            assertThat(GroupProgram.run(naru).lines()).isEqualTo(reference);
        }
    }
}
