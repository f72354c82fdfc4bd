package io.naru.coordinator.shard;

import io.naru.coordinator.record.CoordinatorRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A shard's log in memory, for its owners one after the other. Appends can be held back and refused. */
final class MemoryShardLog {

    /** All that was appended, append by append. */
    final List<List<CoordinatorRecord>> appends = new ArrayList<>();
    /** Appends that wait for {@link #release}. */
    final Deque<Runnable> held = new ArrayDeque<>();

    boolean holding;
    private RuntimeException refusal;
    private int ownerEpoch = -1;

    ShardLog open(int epoch) {
        return new Owner(epoch);
    }

    /** The next append is refused with {@code error}. */
    void refuseNext(RuntimeException error) {
        refusal = error;
    }

    /** Lets the oldest append that is held back through. */
    void release() {
        held.remove().run();
    }

    List<CoordinatorRecord> records() {
        return appends.stream().flatMap(List::stream).toList();
    }

    private final class Owner implements ShardLog {
        private final int epoch;
        private boolean appending;

        Owner(int epoch) {
            this.epoch = epoch;
        }

        @Override
        public CompletableFuture<Void> append(List<CoordinatorRecord> records) {
            if (appending) {
                throw new AssertionError("two appends at a time");
            }
            appending = true;
            CompletableFuture<Void> appended = new CompletableFuture<>();
            List<CoordinatorRecord> copy = List.copyOf(records);
            Runnable append = () -> {
                appending = false;
                RuntimeException refused = refusal;
                refusal = null;
                if (epoch < ownerEpoch) {
                    refused = new ShardFencedException(0, epoch, "there is a later owner");
                }
                if (refused == null) {
                    ownerEpoch = epoch;
                    appends.add(copy);
                    appended.complete(null);
                } else {
                    appended.completeExceptionally(refused);
                }
            };
            if (holding) {
                held.add(append);
            } else {
                append.run();
            }
            return appended;
        }

        @Override
        public CompletableFuture<Void> readAll(Consumer<CoordinatorRecord> replay) {
            records().forEach(replay);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {}
    }
}
