package io.naru.broker.log;

import io.naru.broker.log.cleaner.CleaningStoppedException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Puts a compacted segment into the place of those it was made from, so that a crash at any moment leaves either all of the old
 * ones or the new one:
 *
 * <ol>
 *   <li>the new one is whole and synced as {@code .log.cleaned}; until here a start throws it away
 *   <li>it is renamed to {@code .log.swap}, durably; from here on a start finishes the work ({@link SwapRecovery})
 *   <li>the old ones are renamed to {@code .deleted}, indexes included, durably
 *   <li>the new one gets its name, durably
 * </ol>
 *
 * <p>Readers that hold an old segment read on in its open file; who comes too late to open it looks the segment up again.
 */
final class SegmentSwap {

    private final LogState log;
    private final DoomedSegments doomed;

    SegmentSwap(LogState log, DoomedSegments doomed) {
        this.log = log;
        this.doomed = doomed;
    }

    /**
     * Replaces {@code old}.
     *
     * @throws CleaningStoppedException when they are no longer all in the log; nothing has happened then
     */
    void replace(List<LogSegment> old, CleanedSegment copy, long nowMs) throws IOException {
        ReentrantLock lock = log.lock();
        lock.lock();
        try {
            if (log.closed() || log.failure() != null || !log.segments().all().containsAll(old)) {
                throw new CleaningStoppedException("the log was changed meanwhile");
            }
            log.flusher().forget(old);
            putInPlace(old, copy, nowMs);
        } finally {
            lock.unlock();
        }
    }

    /** Half done it cannot be undone, so a failure in here takes the log offline; the next start finishes. */
    private void putInPlace(List<LogSegment> old, CleanedSegment copy, long nowMs) throws IOException {
        try {
            copy.commit();
            for (LogSegment segment : old) {
                segment.detach();
                segment.markDeleted();
            }
            log.disk().syncDirectory(log.directory());
            LogSegment fresh = copy.takePlace();
            SegmentList changed = log.segments().with(fresh, old);
            log.publishSegments(changed);
            doomed.add(old, nowMs + log.config().fileDeleteDelayMs());
            fresh.storeIndexes(true);
            log.producerFiles().removeStray(changed);
        } catch (IOException e) {
            throw log.fail(e);
        }
    }
}
