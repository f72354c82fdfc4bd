package io.naru.gateway.cursor;

import io.naru.gateway.http.ProblemException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * Where a member of a group stands, and all that another gateway needs to go on for it.
 *
 * @param group            the group
 * @param memberId         the member
 * @param memberEpoch      its epoch when the cursor was given out (KIP-848)
 * @param subscription     what it reads
 * @param sessionTimeoutMs how long it may be silent
 * @param fromEarliest     whether partitions of which nothing was committed yet are read from their beginning; else from their end
 * @param positions        every partition it had, in order of topic and partition
 */
public record GroupCursor(
        String group,
        String memberId,
        int memberEpoch,
        Subscription subscription,
        int sessionTimeoutMs,
        boolean fromEarliest,
        List<PartitionPosition> positions) {

    private static final char KIND = 'G';
    /** Stands where the number of topics does, when the client has chosen its partitions. */
    private static final int ASSIGNED = -1;

    /** Copies the list. */
    public GroupCursor {
        positions = List.copyOf(positions);
    }

    /** The cursor as it is given out. */
    public String encode(CursorSigner signer) {
        CursorOut out = new CursorOut();
        out.text(group).text(memberId).number(memberEpoch).number(sessionTimeoutMs);
        out.number(fromEarliest ? 1 : 0);
        String pattern = subscription.pattern();
        // No topics stand for a pattern.
        out.number(subscription.isAssigned() ? ASSIGNED : subscription.topics().size());
        subscription.topics().forEach(out::text);
        if (pattern != null) {
            out.text(pattern);
        }
        out.number(positions.size());
        Uuid topic = null;
        for (PartitionPosition position : positions) {
            boolean sameTopic = position.topicId().equals(topic);
            out.number(sameTopic ? 1 : 0);
            if (!sameTopic) {
                topic = position.topicId();
                out.uuid(topic).text(position.partition().topic());
            }
            out.number(position.partition().partition()).number(position.nextOffset());
        }
        return signer.sign(KIND, out);
    }

    /**
     * Reads a cursor.
     *
     * @param field where it stands in the request, for the message
     * @throws ProblemException when it was not given out by a gateway of this cluster, or not for a group
     */
    public static GroupCursor decode(CursorSigner signer, String text, String field) {
        CursorIn in = signer.open(KIND, text, field);
        try {
            return read(in);
        } catch (IllegalArgumentException newer) {
            throw CursorSigner.bad(
                    field, "cannot be read by this gateway (" + newer.getMessage() + "); is it from a newer one?");
        }
    }

    private static GroupCursor read(CursorIn in) {
        String group = in.text();
        String memberId = in.text();
        int memberEpoch = (int) in.number();
        int sessionTimeoutMs = (int) in.number();
        boolean fromEarliest = in.number() == 1;
        Subscription subscription = subscription(in);
        int count = in.count();
        List<PartitionPosition> positions = new ArrayList<>(count);
        Uuid topicId = Uuid.ZERO_UUID;
        String topic = "";
        for (int i = 0; i < count; i++) {
            if (in.number() == 0) {
                topicId = in.uuid();
                topic = in.text();
            }
            int partition = (int) in.number();
            positions.add(new PartitionPosition(topicId, new TopicPartition(topic, partition), in.number()));
        }
        in.expectEnd();
        return new GroupCursor(group, memberId, memberEpoch, subscription, sessionTimeoutMs, fromEarliest, positions);
    }

    private static Subscription subscription(CursorIn in) {
        long topicCount = in.number();
        if (topicCount == ASSIGNED) {
            return Subscription.ASSIGNED;
        }
        if (topicCount == 0) {
            return Subscription.ofPattern(in.text());
        }
        List<String> topics = new ArrayList<>();
        for (long i = 0; i < topicCount; i++) {
            topics.add(in.text());
        }
        return Subscription.ofTopics(topics);
    }
}
