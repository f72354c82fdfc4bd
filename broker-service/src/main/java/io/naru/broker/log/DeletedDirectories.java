package io.naru.broker.log;

import io.naru.broker.log.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Directories of deleted partitions, each removed when its time has come. */
final class DeletedDirectories {

    private static final Logger LOGGER = LoggerFactory.getLogger(DeletedDirectories.class);

    private final Disk disk;
    private final Map<Path, Long> dueMs = new ConcurrentHashMap<>();

    DeletedDirectories(Disk disk) {
        this.disk = disk;
    }

    void add(Path directory, long removeAtMs) {
        dueMs.put(directory, removeAtMs);
    }

    void removeDue(long nowMs) {
        Iterator<Map.Entry<Path, Long>> entries = dueMs.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<Path, Long> entry = entries.next();
            if (entry.getValue() <= nowMs) {
                remove(entry.getKey());
                entries.remove();
            }
        }
    }

    private void remove(Path directory) {
        try (Stream<Path> walk = Files.walk(directory)) {
            List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                disk.delete(path);
            }
        } catch (IOException e) {
            LOGGER.atWarn()
                    .addKeyValue("directory", directory)
                    .setCause(e)
                    .log("deleted partition not removed from the disk; the next start tries again");
        }
    }
}
