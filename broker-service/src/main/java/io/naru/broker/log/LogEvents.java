package io.naru.broker.log;

import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a log tells its operator when a disk misbehaves; the wording in one place. */
final class LogEvents {

    private static final Logger LOGGER = LoggerFactory.getLogger(Log.class);

    private static final long WORTH_TELLING_BYTES = 64 << 20;

    private LogEvents() {}

    static void offline(Path directory, Throwable cause) {
        LOGGER.atError()
                .addKeyValue("directory", directory)
                .setCause(cause)
                .log("log takes no more appends: an I/O error may have lost bytes; it is checked when opened again");
    }

    static void snapshotNotWritten(Path directory, long offset, Throwable cause) {
        LOGGER.atWarn()
                .addKeyValue("directory", directory)
                .addKeyValue("offset", offset)
                .setCause(cause)
                .log("producer snapshot not written; recovery will read the log instead");
    }

    static void indexesNotWritten(Path file, Throwable cause) {
        LOGGER.atWarn()
                .addKeyValue("file", file)
                .setCause(cause)
                .log("indexes of a segment not written, they stay in memory");
    }

    static void notClosed(Path file, Throwable cause) {
        LOGGER.atWarn().addKeyValue("file", file).setCause(cause).log("file not closed");
    }

    static void notRemoved(Path directory, Throwable cause) {
        LOGGER.atWarn()
                .addKeyValue("directory", directory)
                .setCause(cause)
                .log("files of deleted segments not removed; the next start tries again");
    }

    static void opened(int done, int total) {
        LOGGER.atInfo().addKeyValue("logs", done).addKeyValue("of", total).log("logs opened");
    }

    /** Said of logs that take a moment only; a broker has many small ones. */
    static void checking(Path directory, int segments, long bytes) {
        if (bytes >= WORTH_TELLING_BYTES) {
            LOGGER.atInfo()
                    .addKeyValue("directory", directory)
                    .addKeyValue("segments", segments)
                    .addKeyValue("bytes", bytes)
                    .log("checking every batch that may not have been synced before the last stop");
        }
    }

    static void cut(Path file, long position, long bytes, long offset, String why) {
        LOGGER.atWarn()
                .addKeyValue("file", file)
                .addKeyValue("position", position)
                .addKeyValue("bytes", bytes)
                .addKeyValue("offset", offset)
                .addKeyValue("reason", why)
                .log("cut what follows the last whole batch; the log ends at this offset");
    }

    static void quarantined(Path file, Path kept) {
        LOGGER.atError()
                .addKeyValue("file", file)
                .addKeyValue("kept", kept)
                .log("damaged bytes were taken out of the log and kept aside; records in them are lost here");
    }

    static void damaged(LogDamage damage, Path kept) {
        LOGGER.atError()
                .addKeyValue("file", damage.file())
                .addKeyValue("position", damage.position())
                .addKeyValue("offset", damage.offset())
                .addKeyValue("bytes", damage.bytes())
                .addKeyValue("reason", damage.what())
                .addKeyValue("kept", kept)
                .log("damaged bytes found in the log; they are left in place, with a copy aside");
    }

    static void damaged(LogDamage damage) {
        LOGGER.atError()
                .addKeyValue("file", damage.file())
                .addKeyValue("position", damage.position())
                .addKeyValue("offset", damage.offset())
                .addKeyValue("reason", damage.what())
                .log("damaged bytes found by a reader, who does not get them");
    }

    static void repaired(Path file, long position, String what) {
        LOGGER.atWarn()
                .addKeyValue("file", file)
                .addKeyValue("position", position)
                .addKeyValue("field", what)
                .log("damaged field of a batch header set right from its neighbours");
    }

    static void repairedFromReplica(LogDamage damage, DamagedRange offsets) {
        LOGGER.atWarn()
                .addKeyValue("file", damage.file())
                .addKeyValue("position", damage.position())
                .addKeyValue("offset", offsets.firstOffset())
                .addKeyValue("endOffset", offsets.endOffset())
                .log("damaged batches replaced by those of another replica");
    }

    static void swapped(Path file) {
        LOGGER.atInfo()
                .addKeyValue("file", file)
                .log("compacted segment put in place, as decided before the last stop");
    }

    static void deleted(Path directory, int segments, long logStartOffset) {
        LOGGER.atInfo()
                .addKeyValue("directory", directory)
                .addKeyValue("segments", segments)
                .addKeyValue("offset", logStartOffset)
                .log("old segments deleted; the log begins at this offset");
    }

    static void ignored(Path file, String why) {
        LOGGER.atWarn()
                .addKeyValue("file", file)
                .addKeyValue("reason", why)
                .log("file not trusted, what it says is built again");
    }
}
