package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.system.program.ClientProgram;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.ReferenceKafka;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same program on genuine Kafka clients sees the same on Naru as on Apache Kafka. */
@Timeout(300)
class ClientProgramIT {

    /**
     * Where Naru differs, and why: it lists no broker config that brokers do not honour. How long offsets stay is up to
     * coordinators.
     */
    private static final Map<String, String> DIFFERENCES = Map.of(
            "broker config offsets.retention.minutes: 10080", "broker config offsets.retention.minutes: missing");

    @Test
    void seesTheSameOnNaruAsOnApacheKafka() throws Exception {
        long baseTimestamp = System.currentTimeMillis() - 3_600_000;
        List<String> reference;
        try (ReferenceKafka kafka = ReferenceKafka.start()) {
            reference = ClientProgram.run(kafka, baseTimestamp).lines();
        }
        assertThatItSawSomething(reference);
        assertThat(reference).containsAll(DIFFERENCES.keySet());
        List<String> expected = reference.stream()
                .map(line -> DIFFERENCES.getOrDefault(line, line))
                .toList();
        try (NaruCluster naru = NaruCluster.standalone().start()) {
            assertThat(ClientProgram.run(naru, baseTimestamp).lines()).isEqualTo(expected);
        }
    }

    /** Two programs that both failed in the same way would be equal too. */
    private static void assertThatItSawSomething(List<String> transcript) {
        assertThat(transcript)
                .hasSizeGreaterThan(350)
                .contains(
                        "cluster nodes: 1",
                        "zstd sent 3: 2@1 ts=3 key=5 value=4",
                        "seek 17: 17=v17",
                        "time between records: 21 at +210",
                        "two members hold together: 4",
                        "create with duplicate: TopicExistsException",
                        "too large: RecordTooLargeException",
                        "offset out of range: OffsetOutOfRangeException");
    }
}
