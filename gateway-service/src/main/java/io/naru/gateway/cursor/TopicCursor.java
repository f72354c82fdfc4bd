package io.naru.gateway.cursor;

import io.naru.gateway.http.ProblemException;
import java.util.Arrays;
import java.util.Objects;
import org.apache.kafka.common.Uuid;

/** Where a reader of a whole topic stands: the next offset of each partition. */
public final class TopicCursor {

    private static final char KIND = 'T';

    private final Uuid topicId;
    private final String topic;
    private final long[] nextOffsets;

    /**
     * A cursor.
     *
     * @param nextOffsets by partition; {@link PartitionPosition#UNKNOWN} where it is not known
     */
    public TopicCursor(Uuid topicId, String topic, long[] nextOffsets) {
        this.topicId = topicId;
        this.topic = topic;
        this.nextOffsets = nextOffsets.clone();
    }

    /** The topic's id; a topic made anew under the same name has another. */
    public Uuid topicId() {
        return topicId;
    }

    /** The topic's name. */
    public String topic() {
        return topic;
    }

    /** Next offsets by partition. */
    public long[] nextOffsets() {
        return nextOffsets.clone();
    }

    /** The cursor as it is given out. */
    public String encode(CursorSigner signer) {
        CursorOut out = new CursorOut();
        out.uuid(topicId).text(topic).number(nextOffsets.length);
        for (long offset : nextOffsets) {
            out.number(offset);
        }
        return signer.sign(KIND, out);
    }

    /**
     * Reads a cursor.
     *
     * @param field where it stands in the request, for the message
     * @throws ProblemException when it was not given out by a gateway of this cluster, or not for a topic
     */
    public static TopicCursor decode(CursorSigner signer, String text, String field) {
        CursorIn in = signer.open(KIND, text, field);
        try {
            Uuid topicId = in.uuid();
            String topic = in.text();
            long[] offsets = new long[in.count()];
            for (int i = 0; i < offsets.length; i++) {
                offsets[i] = in.number();
            }
            in.expectEnd();
            return new TopicCursor(topicId, topic, offsets);
        } catch (IllegalArgumentException newer) {
            throw CursorSigner.bad(
                    field, "cannot be read by this gateway (" + newer.getMessage() + "); is it from a newer one?");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TopicCursor that
                && topicId.equals(that.topicId)
                && topic.equals(that.topic)
                && Arrays.equals(nextOffsets, that.nextOffsets);
    }

    @Override
    public int hashCode() {
        return Objects.hash(topicId, topic, Arrays.hashCode(nextOffsets));
    }

    @Override
    public String toString() {
        return topic + Arrays.toString(nextOffsets);
    }
}
