package io.naru.gateway.group;

import io.naru.gateway.cursor.GroupCursor;
import io.naru.gateway.http.Problem;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Takes what a poll has come to: one answer or one failure, in the member's mailbox. */
interface PollSink {

    /** How its records are to look; asked anew for every try. */
    RecordShape shape();

    /** The poll is over. */
    void answer(PollRecords records, Result result);

    /** The poll came to nothing. */
    void fail(Problem problem);

    /** How a member stands. */
    enum State {
        /** Waits for partitions. */
        JOINING,
        /** Has partitions. */
        ASSIGNED,
        /** Has read all there is in its partitions. */
        CAUGHT_UP
    }

    /** Offsets that are passed over because the log has them no more. */
    record Gap(TopicPartition partition, long from, long to) {}

    /**
     * What stands in an answer beside its records.
     *
     * @param cursor   where to read on, all partitions held
     * @param revoking those of them that the group wants back
     */
    record Result(
            State state,
            GroupCursor cursor,
            List<TopicPartition> revoking,
            @Nullable MemberAck ack,
            List<Gap> gaps) {}
}
