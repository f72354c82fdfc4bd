package io.naru.system.ledger;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/**
 * A group's committed offsets as an onlooker sees them. What lies below one is acknowledged, whether its member has learned so or not.
 * The record {@code v}<i>i</i> is the one at offset <i>i</i> / partitions of partition <i>i</i> modulo partitions.
 */
final class CommittedOffsets {

    private final Admin admin;
    private final String group;
    private final int partitions;
    private final DeliveryLedger ledger;
    private final Map<TopicPartition, Long> known = new HashMap<>();

    CommittedOffsets(Admin admin, String group, int partitions, DeliveryLedger ledger) {
        this.admin = admin;
        this.group = group;
        this.partitions = partitions;
        this.ledger = ledger;
    }

    /** Looks now; the sum over all partitions. */
    long look() throws Exception {
        admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(30, TimeUnit.SECONDS)
                .forEach((partition, offset) -> see(partition, offset.offset()));
        return known.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The group's members and their partitions, and how far each partition is. */
    String members() {
        try {
            return group + ": "
                    + admin.describeConsumerGroups(List.of(group)).all().get(30, TimeUnit.SECONDS)
                    + ", committed: " + known;
        } catch (ExecutionException | TimeoutException e) {
            return group + ": " + e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return group + ": " + e;
        }
    }

    private void see(TopicPartition partition, long offset) {
        Long before = known.put(partition, offset);
        long from = before == null ? 0 : before;
        if (offset < from) {
            ledger.anomaly("what was committed of " + partition + " went back from " + from + " to " + offset);
        }
        List<String> values = LongStream.range(from, offset)
                .mapToObj(at -> "v" + (at * partitions + partition.partition()))
                .toList();
        ledger.acked("by what is committed", values);
    }
}
