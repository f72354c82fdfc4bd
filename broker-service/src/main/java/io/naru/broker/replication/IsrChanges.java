package io.naru.broker.replication;

import io.naru.broker.partition.IsrListener;
import io.naru.broker.partition.IsrProposal;
import io.naru.broker.partition.Partition;
import io.naru.cluster.control.AlterPartitions;
import io.naru.cluster.control.AlterPartitions.AlterPartition;
import io.naru.cluster.control.AlteredPartitions;
import io.naru.cluster.control.ControlPlaneException;
import io.naru.cluster.control.ReplicaName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries what leaders here want of their in-sync replicas to the controller (AlterPartition, KIP-497): one request at a time, for all
 * partitions that want something, tried again until it is answered. Thread-safe.
 */
public final class IsrChanges implements IsrListener {

    private static final Logger log = LoggerFactory.getLogger(IsrChanges.class);
    private static final long RETRY_MS = 200;

    private final int brokerId;
    private final ReplicationRuntime runtime;
    private final Set<Partition> wanting = new LinkedHashSet<>();
    private boolean busy;

    private record Asked(Partition partition, IsrProposal proposal) {}

    /** Changes of one broker's partitions. */
    public IsrChanges(int brokerId, ReplicationRuntime runtime) {
        this.brokerId = brokerId;
        this.runtime = runtime;
    }

    @Override
    public void isrProposed(Partition partition) {
        askSoon(List.of(partition), 0);
    }

    private void askSoon(List<Partition> more, long delayMs) {
        synchronized (wanting) {
            wanting.addAll(more);
            if (busy || wanting.isEmpty()) {
                return;
            }
            busy = true;
        }
        runtime.later(delayMs, this::ask);
    }

    private void ask() {
        List<Partition> partitions;
        synchronized (wanting) {
            partitions = List.copyOf(wanting);
            wanting.clear();
        }
        List<Asked> asked = new ArrayList<>();
        for (Partition partition : partitions) {
            partition.isrProposal().ifPresent(proposal -> asked.add(new Asked(partition, proposal)));
        }
        long brokerEpoch = runtime.brokerEpoch();
        if (asked.isEmpty()) {
            over(List.of(), 0);
        } else if (brokerEpoch < 0) {
            over(partitions, RETRY_MS);
        } else {
            AlterPartitions request = new AlterPartitions(
                    brokerId,
                    brokerEpoch,
                    asked.stream().map(IsrChanges::toRequest).toList());
            runtime.alterPartitions(request)
                    .whenComplete((answer, error) -> runtime.later(0, () -> answered(asked, answer, error)));
        }
    }

    private static AlterPartition toRequest(Asked asked) {
        IsrProposal proposal = asked.proposal();
        Partition partition = asked.partition();
        ReplicaName name =
                new ReplicaName(partition.topicId().toString(), partition.name().partition());
        return new AlterPartition(name, proposal.leaderEpoch(), proposal.partitionEpoch(), proposal.isr());
    }

    private void answered(List<Asked> asked, @Nullable AlteredPartitions answer, @Nullable Throwable error) {
        if (answer == null || answer.partitions().size() != asked.size()) {
            if (!isRefusal(error)) {
                asked.forEach(a -> a.partition().isrUnanswered(a.proposal(), runtime.nowMs()));
            }
            over(asked.stream().map(Asked::partition).toList(), RETRY_MS);
            return;
        }
        List<Partition> again = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            Asked one = asked.get(i);
            AlteredPartitions.AlteredPartition result = answer.partitions().get(i);
            log.atInfo()
                    .addKeyValue("topic", one.partition().name().topic())
                    .addKeyValue("partition", one.partition().name().partition())
                    .addKeyValue("isr", one.proposal().isr())
                    .addKeyValue("errorCode", result.errorCode())
                    .log("The controller answered a change of in-sync replicas");
            if (one.partition().isrAnswered(one.proposal(), result, runtime.nowMs())) {
                again.add(one.partition());
            }
        }
        over(again, again.isEmpty() ? 0 : RETRY_MS);
    }

    /** Whether the controller refused the request as a whole, so that it has surely not taken effect. */
    private static boolean isRefusal(@Nullable Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return cause instanceof ControlPlaneException refused
                && refused.errorCode() == Errors.STALE_BROKER_EPOCH.code();
    }

    private void over(List<Partition> again, long delayMs) {
        synchronized (wanting) {
            busy = false;
        }
        askSoon(again, delayMs);
    }
}
