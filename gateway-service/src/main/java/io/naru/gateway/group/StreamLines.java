package io.naru.gateway.group;

import io.naru.gateway.cursor.CursorSigner;
import io.naru.gateway.cursor.GroupCursor;
import io.naru.gateway.format.JsonOut;
import io.naru.gateway.http.Problem;
import io.naru.gateway.read.RecordFormats;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/**
 * What a group's stream sends. As lines, records are as everywhere and everything else has a field {@code event}; as server-sent events,
 * records are events without a name and a cursor is the id to resume from:
 *
 * <pre>
 * {"event":"assigned","partitions":[{"topic":"t","partition":0}],"member":"…"}
 * {"topic":"t","partition":0,"offset":0,…}
 * {"event":"cursor","cursor":"…"}                  event: cursor
 * {"event":"revoked","partitions":[…]}             id: …
 * {"event":"closing"}                              data: {"cursor":"…"}
 * </pre>
 */
final class StreamLines {

    private static final byte[] COMMENT = ": still here\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BLANK = "\n".getBytes(StandardCharsets.US_ASCII);
    private static final int SHORT_BYTES = 512;

    private final boolean events;
    private final RecordFormats formats;

    StreamLines(boolean events, RecordFormats formats) {
        this.events = events;
        this.formats = formats;
    }

    RecordShape shape() {
        return events
                ? new NativeShape("data: ", "\n\ndata: ", formats.key(), formats.value())
                : new NativeShape("", "\n", formats.key(), formats.value());
    }

    /** Ends the last of some records. */
    void endRecords(JsonOut records) {
        records.ascii(events ? "\n\n" : "\n");
    }

    byte[] signOfLife() {
        return events ? COMMENT : BLANK;
    }

    JsonOut cursor(GroupCursor cursor, CursorSigner signer) {
        String text = cursor.encode(signer);
        JsonOut out = new JsonOut(SHORT_BYTES);
        if (events) {
            out.ascii("id: ").ascii(text).put('\n');
        }
        return end(begin(out, "cursor").ascii("\"cursor\":\"").ascii(text).put('"'));
    }

    JsonOut partitions(String event, Collection<TopicPartition> partitions, String member) {
        JsonOut out = begin(new JsonOut(SHORT_BYTES), event).ascii("\"partitions\":");
        PollAnswer.partitions(out, partitions);
        return end(out.ascii(",\"member\":").string(member));
    }

    JsonOut notCommitted(MemberAck ack) {
        JsonOut out = begin(new JsonOut(SHORT_BYTES), "not_committed");
        ack.writeNotCommitted(out);
        return end(out);
    }

    JsonOut gaps(List<PollSink.Gap> gaps) {
        JsonOut out = begin(new JsonOut(SHORT_BYTES), "gaps");
        PollAnswer.gaps(out, gaps);
        return end(out);
    }

    JsonOut problem(Problem problem) {
        JsonOut out = begin(new JsonOut(SHORT_BYTES), "problem").ascii("\"error\":");
        problem.write(out, 0);
        return end(out);
    }

    JsonOut closing() {
        return events
                ? new JsonOut(SHORT_BYTES).ascii("event: closing\ndata: {}\n\n")
                : new JsonOut(SHORT_BYTES).ascii("{\"event\":\"closing\"}\n");
    }

    private JsonOut begin(JsonOut out, String event) {
        return events
                ? out.ascii("event: ").ascii(event).ascii("\ndata: {")
                : out.ascii("{\"event\":\"").ascii(event).ascii("\",");
    }

    private JsonOut end(JsonOut out) {
        return out.ascii(events ? "}\n\n" : "}\n");
    }
}
