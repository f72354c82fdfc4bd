package io.naru.broker.log;

import java.nio.file.Path;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** Names of partition directories: {@code <topic>-<partition>}, and {@code <topic>-<partition>.<unique>-delete} on the way out. */
final class PartitionDirectory {

    static final String DELETE_SUFFIX = "-delete";

    private static final int NAME_MAX = 255;

    private PartitionDirectory() {}

    static String name(TopicPartition partition) {
        return partition.topic() + "-" + partition.partition();
    }

    /** The partition whose directory this is; empty for any other name. */
    static Optional<TopicPartition> parse(Path directory) {
        String name = directory.getFileName().toString();
        int dash = name.lastIndexOf('-');
        if (dash < 1 || dash == name.length() - 1 || name.length() - dash > 11) {
            return Optional.empty();
        }
        long number = 0;
        for (int i = dash + 1; i < name.length(); i++) {
            char digit = name.charAt(i);
            if (digit < '0' || digit > '9') {
                return Optional.empty();
            }
            number = number * 10 + (digit - '0');
        }
        if (number > Integer.MAX_VALUE || !name.equals(name.substring(0, dash) + "-" + number)) {
            return Optional.empty();
        }
        return Optional.of(new TopicPartition(name.substring(0, dash), (int) number));
    }

    /** A name that no partition has and that says what it was. */
    static String deletedName(TopicPartition partition) {
        String unique = "." + Uuid.randomUuid().toString().replace('-', '_') + DELETE_SUFFIX;
        String name = name(partition);
        return name.substring(0, Math.min(name.length(), NAME_MAX - unique.length())) + unique;
    }
}
