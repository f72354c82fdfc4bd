package io.naru.broker.replication;

import io.naru.cluster.Endpoint;
import io.naru.cluster.control.AlterPartitions;
import io.naru.cluster.control.AlteredPartitions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;

/** A world in which nothing happens by itself. */
final class ManualRuntime implements ReplicationRuntime {

    final List<AlterPartitions> asked = new ArrayList<>();
    final List<FetchRequestData> fetches = new ArrayList<>();
    final Deque<CompletableFuture<AlteredPartitions>> answers = new ArrayDeque<>();
    final Deque<CompletableFuture<FetchResponseData>> fetchAnswers = new ArrayDeque<>();
    final List<Endpoint> disconnected = new ArrayList<>();
    long brokerEpoch = 10;
    long nowMs;
    private final List<Task> tasks = new ArrayList<>();

    private record Task(long atMs, Runnable task) {}

    /** Runs what is due within {@code ms}, in order. */
    void pass(long ms) {
        long until = nowMs + ms;
        while (true) {
            Task next = null;
            for (Task task : tasks) {
                if (task.atMs() <= until && (next == null || task.atMs() < next.atMs())) {
                    next = task;
                }
            }
            if (next == null) {
                nowMs = until;
                return;
            }
            tasks.remove(next);
            nowMs = Math.max(nowMs, next.atMs());
            next.task().run();
        }
    }

    @Override
    public long nowMs() {
        return nowMs;
    }

    @Override
    public long wallClockMs() {
        return 1_700_000_000_000L + nowMs;
    }

    @Override
    public void later(long delayMs, Runnable task) {
        tasks.add(new Task(nowMs + delayMs, task));
    }

    @Override
    public long brokerEpoch() {
        return brokerEpoch;
    }

    @Override
    public CompletableFuture<FetchResponseData> fetch(Endpoint leader, FetchRequestData request) {
        fetches.add(request);
        CompletableFuture<FetchResponseData> answer = new CompletableFuture<>();
        fetchAnswers.add(answer);
        return answer;
    }

    @Override
    public void disconnect(Endpoint leader) {
        disconnected.add(leader);
    }

    @Override
    public CompletableFuture<AlteredPartitions> alterPartitions(AlterPartitions request) {
        asked.add(request);
        CompletableFuture<AlteredPartitions> answer = new CompletableFuture<>();
        answers.add(answer);
        return answer;
    }
}
