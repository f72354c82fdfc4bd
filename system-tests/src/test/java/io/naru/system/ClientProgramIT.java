package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.system.program.ClientProgram;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.ReferenceKafka;
import java.util.List;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same program on genuine Kafka clients sees the same on Naru as on Apache Kafka. */
@Timeout(300)
class ClientProgramIT {

    @Disabled("the whole comparison with Apache Kafka has not been seen green yet: issue 2")
    @Test
    void seesTheSameOnNaruAsOnApacheKafka() throws Exception {
        long baseTimestamp = System.currentTimeMillis() - 3_600_000;
        List<String> reference;
        try (ReferenceKafka kafka = ReferenceKafka.start()) {
            reference = ClientProgram.run(kafka, baseTimestamp).lines();
        }
        assertThatItSawSomething(reference);
        try (NaruCluster naru = NaruCluster.standalone().start()) {
            assertThat(ClientProgram.run(naru, baseTimestamp).lines()).isEqualTo(reference);
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
