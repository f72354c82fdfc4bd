package io.naru.admin.controller;

import io.naru.cluster.control.Actor;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A line of the change history.
 *
 * @param actor    who asked for it
 * @param action   what was done
 * @param kind     to what kind of thing
 * @param resource its name: a topic, {@code topic-partition}, a broker's id, a group; {@code default} for all brokers
 * @param before   what it was, as far as it changed; empty for what was not there
 * @param after    what it is now, as far as it changed; empty for what is not there any more
 */
public record Note(
        Actor actor, Action action, Kind kind, String resource, Map<String, String> before, Map<String, String> after) {

    /** What was done. */
    public enum Action {
        /** A topic was made. */
        CREATE,
        /** A topic or a group was deleted. */
        DELETE,
        /** Configs were set or unset. */
        ALTER_CONFIGS,
        /** A topic got more partitions. */
        CREATE_PARTITIONS,
        /** A reassignment was begun, changed or cancelled. */
        REASSIGN,
        /** A leader was elected by hand. */
        ELECT_LEADER,
        /** A broker was unregistered. */
        UNREGISTER,
        /** A group was told where to go on. */
        RESET_OFFSETS,
        /** A member was removed from its group. */
        REMOVE_MEMBER,
        /** Records of a topic were deleted. */
        DELETE_RECORDS
    }

    /** What it was done to. */
    public enum Kind {
        /** A topic. */
        TOPIC,
        /** A partition. */
        PARTITION,
        /** A broker, or all of them. */
        BROKER,
        /** A consumer group. */
        GROUP
    }

    /** The name of all brokers together, which is Kafka's for them in its tools. */
    public static final String ALL_BROKERS = "default";

    /** Copies the maps, in the order of their keys. */
    public Note {
        before = Collections.unmodifiableMap(new TreeMap<>(before));
        after = Collections.unmodifiableMap(new TreeMap<>(after));
    }
}
