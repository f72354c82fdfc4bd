package io.naru.gateway.group;

import io.naru.gateway.cursor.Subscription;
import io.naru.gateway.format.RecordFormat;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The body of a poll.
 *
 * @param subscription     what to read, or null to leave it as it is
 * @param assign           partitions to read when the subscription {@link Subscription#isAssigned() is of the client's choice}
 * @param seek             where to go on, instead of where the cursor says
 * @param pause            partitions not to be read this time
 * @param member           the member, or null to join or to go by the cursor
 * @param cursor           where to read on, or null
 * @param ack              what to commit, or null
 * @param maxRecords       most records in the answer
 * @param maxBytes         most bytes of records in the answer, one record always
 * @param waitMs           how long to wait for partitions and records
 * @param sessionTimeoutMs how long the member may be silent, or −1 to leave it as it is
 * @param fromEarliest     where to begin in partitions of which nothing is committed, or null to leave it as it is
 * @param keyFormat        how keys are shown
 * @param valueFormat      how values are shown
 */
record PollRequest(
        @Nullable Subscription subscription,
        List<TopicPartition> assign,
        List<Seek> seek,
        Set<TopicPartition> pause,
        @Nullable String member,
        @Nullable String cursor,
        @Nullable String ack,
        int maxRecords,
        int maxBytes,
        int waitMs,
        int sessionTimeoutMs,
        @Nullable Boolean fromEarliest,
        RecordFormat keyFormat,
        RecordFormat valueFormat) {}
