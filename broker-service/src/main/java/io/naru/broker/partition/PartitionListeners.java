package io.naru.broker.partition;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who waits for a partition to move. A listener is called on the thread that made it so, with no lock held: it must only hand on. A caller
 * registers first and looks at the partition after that, so that nothing slips between.
 */
public final class PartitionListeners {

    private final Set<Runnable> onAppend = ConcurrentHashMap.newKeySet();
    private final Set<Runnable> onCommit = ConcurrentHashMap.newKeySet();

    PartitionListeners() {}

    /** Calls {@code listener} whenever more may be readable by clients. */
    public void onCommit(Runnable listener) {
        onCommit.add(listener);
    }

    /** The same for followers, who read to the end of the log. */
    public void onAppend(Runnable listener) {
        onAppend.add(listener);
    }

    /** Stops calling {@code listener}. */
    public void forget(Runnable listener) {
        onCommit.remove(listener);
        onAppend.remove(listener);
    }

    void appended() {
        wake(onAppend);
    }

    void committed() {
        wake(onCommit);
    }

    private static void wake(Set<Runnable> listeners) {
        if (!listeners.isEmpty()) {
            listeners.forEach(Runnable::run);
        }
    }
}
