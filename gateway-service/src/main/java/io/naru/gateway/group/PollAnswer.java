package io.naru.gateway.group;

import io.naru.gateway.cursor.CursorSigner;
import io.naru.gateway.cursor.GroupCursor;
import io.naru.gateway.cursor.PartitionPosition;
import io.naru.gateway.format.JsonOut;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.MediaTypes;
import io.naru.gateway.http.MemoryBudget;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.read.Isolation;
import io.naru.gateway.read.PartitionReads;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a poll's answer beside its records:
 *
 * <pre>
 * {"records":[…],"cursor":"…","member":"…","state":"assigned",
 *  "assignment":[{"topic":"t","partition":0}],
 *  "rebalance":{"assigned":[…],"revoked":[…],"revoking":[…]},       when the partitions are not those of the cursor
 *  "not_committed":[{"topic":"t","partition":1,"offset":7,"reason":"…"}], of the ack, when there are any
 *  "gaps":[{"topic":"t","partition":0,"from":3,"to":9}]}                 records that were deleted before they were read
 * </pre>
 */
final class PollAnswer {

    private final @Nullable GroupCursor base;
    private final PollSink.Result result;

    PollAnswer(@Nullable GroupCursor base, PollSink.Result result) {
        this.base = base;
        this.result = result;
    }

    /** Goes on behind the last record. */
    void write(JsonOut out, CursorSigner signer) {
        GroupCursor cursor = result.cursor();
        out.ascii("],\"cursor\":\"").ascii(cursor.encode(signer));
        out.ascii("\",\"member\":").string(cursor.memberId());
        out.ascii(",\"state\":\"")
                .ascii(result.state().name().toLowerCase(Locale.ROOT))
                .ascii("\",\"assignment\":");
        List<TopicPartition> owned = cursor.positions().stream()
                .map(PartitionPosition::partition)
                .filter(partition -> !result.revoking().contains(partition))
                .toList();
        partitions(out, owned);
        rebalance(out, owned);
        MemberAck ack = result.ack();
        if (ack != null && !ack.isWhole()) {
            out.put(',');
            ack.writeNotCommitted(out);
        }
        if (!result.gaps().isEmpty()) {
            gaps(out.put(','), result.gaps());
        }
        out.ascii("}\n");
    }

    /** Writes {@code "gaps":[…]}. */
    static void gaps(JsonOut out, List<PollSink.Gap> gaps) {
        out.ascii("\"gaps\":[");
        for (int i = 0; i < gaps.size(); i++) {
            PollSink.Gap gap = gaps.get(i);
            partition(i > 0 ? out.put(',') : out, gap.partition());
            out.ascii(",\"from\":")
                    .number(gap.from())
                    .ascii(",\"to\":")
                    .number(gap.to())
                    .put('}');
        }
        out.put(']');
    }

    private void rebalance(JsonOut out, List<TopicPartition> owned) {
        GroupCursor before = base;
        if (before == null) {
            return;
        }
        Set<TopicPartition> then =
                before.positions().stream().map(PartitionPosition::partition).collect(Collectors.toSet());
        List<TopicPartition> assigned =
                owned.stream().filter(partition -> !then.contains(partition)).toList();
        List<TopicPartition> revoking = new ArrayList<>();
        List<TopicPartition> revoked = new ArrayList<>();
        for (PartitionPosition position : before.positions()) {
            if (!owned.contains(position.partition())) {
                (result.revoking().contains(position.partition()) ? revoking : revoked).add(position.partition());
            }
        }
        if (assigned.isEmpty() && revoked.isEmpty() && revoking.isEmpty()) {
            return;
        }
        partitions(out.ascii(",\"rebalance\":{\"assigned\":"), assigned);
        partitions(out.ascii(",\"revoked\":"), revoked);
        if (!revoking.isEmpty()) {
            partitions(out.ascii(",\"revoking\":"), revoking);
        }
        out.put('}');
    }

    static void partitions(JsonOut out, Collection<TopicPartition> partitions) {
        out.put('[');
        boolean first = true;
        for (TopicPartition partition : partitions) {
            if (!first) {
                out.put(',');
            }
            first = false;
            partition(out, partition).put('}');
        }
        out.put(']');
    }

    private static JsonOut partition(JsonOut out, TopicPartition partition) {
        return out.ascii("{\"topic\":")
                .string(partition.topic())
                .ascii(",\"partition\":")
                .number(partition.partition());
    }

    static Problem ackPending() {
        return Problem.passing(
                ProblemKind.NOT_AVAILABLE_NOW,
                "the acknowledgement was not taken before the poll ended; it may or may not take effect. Repeat the poll");
    }

    static Problem noMemory() {
        return Problem.passing(
                ProblemKind.OVERLOADED,
                "the gateway makes as many answers as it may (naru.gateway.read.memory); retry");
    }

    /** Answers, however large the body is and however slowly the client takes it. */
    static void send(Exchange exchange, JsonOut out, MemoryBudget memory) {
        if (!exchange.reserve(memory, out.length())) {
            exchange.fail(noMemory());
            return;
        }
        exchange.answer(200, MediaTypes.JSON, out);
    }

    /** The offset nearest to one that the log does not have: its first, or its end. */
    static CompletableFuture<Long> nearest(PartitionReads reads, TopicPartition partition, long offset) {
        return reads.offsets(Map.of(partition, PartitionReads.EARLIEST), Isolation.READ_UNCOMMITTED)
                .thenCompose(earliest -> {
                    long first = earliest.getOrDefault(partition, 0L);
                    return offset < first
                            ? CompletableFuture.completedFuture(first)
                            : reads.offsets(Map.of(partition, PartitionReads.LATEST), Isolation.READ_UNCOMMITTED)
                                    .thenApply(latest -> latest.getOrDefault(partition, 0L));
                });
    }
}
