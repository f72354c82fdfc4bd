package io.naru.gateway.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.format.RecordFormat;
import io.naru.gateway.read.RecordFormats;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class StreamLinesTest {

    private static final List<PollSink.Gap> GAPS = List.of(new PollSink.Gap(new TopicPartition("t", 0), 3, 9));

    @Test
    void gapsAreJsonAsALineAndAsAnEvent() {
        assertThat(text(lines(false).gaps(GAPS)))
                .isEqualTo("{\"event\":\"gaps\",\"gaps\":[{\"topic\":\"t\",\"partition\":0,\"from\":3,\"to\":9}]}\n");
        assertThat(text(lines(true).gaps(GAPS)))
                .isEqualTo("event: gaps\ndata: {\"gaps\":[{\"topic\":\"t\",\"partition\":0,\"from\":3,\"to\":9}]}\n\n");
    }

    private static StreamLines lines(boolean events) {
        return new StreamLines(events, new RecordFormats(RecordFormat.AUTO, RecordFormat.AUTO));
    }

    private static String text(JsonOut out) {
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }
}
