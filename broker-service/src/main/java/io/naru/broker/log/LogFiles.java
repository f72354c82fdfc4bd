package io.naru.broker.log;

import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Names in a partition directory, all Kafka's: twenty digits of the segment's base offset (for snapshots: of the offset up to
 * which they hold) and one of the suffixes below.
 */
final class LogFiles {

    static final String LOG = ".log";
    static final String OFFSET_INDEX = ".index";
    static final String TIME_INDEX = ".timeindex";
    static final String TRANSACTION_INDEX = ".txnindex";
    static final String SNAPSHOT = ".snapshot";
    static final String DELETED = ".deleted";
    static final String CLEANED = ".cleaned";
    static final String SWAP = ".swap";

    /** Bytes taken out of a log because they were damaged: {@code <base>.log.<position>.corrupt}. No Kafka tool reads the name. */
    static final String CORRUPT = ".corrupt";

    static final String LEADER_EPOCHS = "leader-epoch-checkpoint";
    static final String PARTITION_METADATA = "partition.metadata";

    private static final int DIGITS = 20;

    private LogFiles() {}

    static Path file(Path directory, long offset, String suffix) {
        return directory.resolve(name(offset) + suffix);
    }

    static String name(long offset) {
        String digits = Long.toString(offset);
        return "0".repeat(DIGITS - digits.length()) + digits;
    }

    /** The offset in a name that is exactly twenty digits and {@code suffix}. */
    static OptionalLong offset(String name, String suffix) {
        if (name.length() != DIGITS + suffix.length() || !name.endsWith(suffix)) {
            return OptionalLong.empty();
        }
        long offset = 0;
        for (int i = 0; i < DIGITS; i++) {
            char digit = name.charAt(i);
            if (digit < '0' || digit > '9') {
                return OptionalLong.empty();
            }
            offset = offset * 10 + (digit - '0');
            if (offset < 0) {
                return OptionalLong.empty();
            }
        }
        return OptionalLong.of(offset);
    }
}
