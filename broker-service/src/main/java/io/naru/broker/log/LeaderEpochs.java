package io.naru.broker.log;

import io.naru.broker.log.checkpoint.EpochCheckpoint;
import io.naru.broker.log.checkpoint.EpochCheckpoint.EpochStart;
import io.naru.broker.log.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which leader epoch begins at which offset of one log. Epochs and offsets both rise. Readers see an immutable list; changes happen
 * under the log's lock. The checkpoint file follows each change; when it cannot be written the list stays right, and the file is
 * tried again by {@link #store}.
 */
final class LeaderEpochs {

    private static final Logger LOGGER = LoggerFactory.getLogger(LeaderEpochs.class);

    private final Disk disk;
    private final Path file;
    private volatile List<EpochStart> starts;
    private boolean stored;

    LeaderEpochs(Disk disk, Path file, List<EpochStart> starts, boolean stored) {
        this.disk = disk;
        this.file = file;
        this.starts = List.copyOf(starts);
        this.stored = stored;
    }

    /** The epoch of the last leader that is known here. */
    OptionalInt latest() {
        List<EpochStart> list = starts;
        return list.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(list.get(list.size() - 1).epoch());
    }

    /** Records that {@code epoch} begins at {@code startOffset}; nothing happens when it, or a later one, is known already. */
    void assign(int epoch, long startOffset) {
        List<EpochStart> list = assigned(starts, epoch, startOffset);
        if (list != starts) {
            replace(list);
        }
    }

    /**
     * Records that the controller gave the lead to {@code epoch} at {@code startOffset}. The controller's epochs only rise, so a
     * later one in this log comes from a damaged batch header and is dropped.
     */
    void assignByController(int epoch, long startOffset) {
        List<EpochStart> list = new ArrayList<>(starts);
        if (list.removeIf(start -> start.epoch() > epoch)) {
            LOGGER.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("leaderEpoch", epoch)
                    .log("dropped leader epochs above the one that the controller gave out");
            replace(list);
        }
        assign(epoch, startOffset);
    }

    /** {@code starts} itself when {@code epoch} is no news, else a new list with it. */
    static List<EpochStart> assigned(List<EpochStart> starts, int epoch, long startOffset) {
        if (!starts.isEmpty() && epoch <= starts.get(starts.size() - 1).epoch()) {
            return starts;
        }
        List<EpochStart> list = new ArrayList<>(starts);
        // An epoch in which nothing was appended leaves no trace.
        list.removeIf(start -> start.startOffset() >= startOffset);
        list.add(new EpochStart(epoch, startOffset));
        return list;
    }

    /** Where {@code requested} ends; empty when this log cannot say. */
    Optional<EpochEnd> endOffset(int requested, long logEndOffset) {
        List<EpochStart> list = starts;
        int higher = 0;
        while (higher < list.size() && list.get(higher).epoch() <= requested) {
            higher++;
        }
        if (higher == list.size()) {
            boolean latest = higher > 0 && list.get(higher - 1).epoch() == requested;
            return latest ? Optional.of(new EpochEnd(requested, logEndOffset)) : Optional.empty();
        }
        int epoch = higher == 0 ? requested : list.get(higher - 1).epoch();
        return Optional.of(new EpochEnd(epoch, list.get(higher).startOffset()));
    }

    /** The epoch that appended {@code offset}. */
    OptionalInt at(long offset) {
        List<EpochStart> list = starts;
        for (int i = list.size() - 1; i >= 0; i--) {
            if (list.get(i).startOffset() <= offset) {
                return OptionalInt.of(list.get(i).epoch());
            }
        }
        return OptionalInt.empty();
    }

    /** Forgets epochs that begin at or above {@code endOffset}. */
    void truncateFromEnd(long endOffset) {
        List<EpochStart> list = new ArrayList<>(starts);
        if (list.removeIf(start -> start.startOffset() >= endOffset)) {
            replace(list);
        }
    }

    /** Forgets epochs that end at or below {@code startOffset}; the one that holds it then begins there. */
    void truncateFromStart(long startOffset) {
        List<EpochStart> list = starts;
        int kept = 0;
        while (kept + 1 < list.size() && list.get(kept + 1).startOffset() <= startOffset) {
            kept++;
        }
        if (list.isEmpty() || list.get(kept).startOffset() >= startOffset) {
            if (kept > 0) {
                replace(list.subList(kept, list.size()));
            }
            return;
        }
        List<EpochStart> rest = new ArrayList<>(list.subList(kept, list.size()));
        rest.set(0, new EpochStart(rest.get(0).epoch(), startOffset));
        replace(rest);
    }

    void clear() {
        if (!starts.isEmpty()) {
            replace(List.of());
        }
    }

    List<EpochStart> starts() {
        return starts;
    }

    private void replace(List<EpochStart> list) {
        starts = List.copyOf(list);
        stored = false;
        storeIfPossible();
    }

    /** Writes the file if it does not say what is known; on a full disk that has time, for the batches say the same. */
    void storeIfPossible() {
        try {
            store();
        } catch (IOException e) {
            LOGGER.atWarn()
                    .addKeyValue("file", file)
                    .setCause(e)
                    .log("leader epochs not written, to be tried again with the next flush");
        }
    }

    /** Writes the file if it does not say what is known. */
    void store() throws IOException {
        if (!stored) {
            EpochCheckpoint.write(disk, file, starts);
            stored = true;
        }
    }
}
