package io.naru.coordinator.group.state;

import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** How long names may be that strangers choose. */
public final class GroupIds {

    public static final int LENGTH_MAX = 1_024;

    private GroupIds() {}

    public static void checkGroup(String groupId) {
        if (groupId.isEmpty() || groupId.length() > LENGTH_MAX) {
            throw Errors.INVALID_GROUP_ID.exception("a group id has 1 to " + LENGTH_MAX + " characters");
        }
    }

    public static void check(String field, @Nullable String id) {
        if (id != null && id.length() > LENGTH_MAX) {
            throw Errors.INVALID_REQUEST.exception(
                    field + " has " + id.length() + " characters, more than " + LENGTH_MAX);
        }
    }
}
