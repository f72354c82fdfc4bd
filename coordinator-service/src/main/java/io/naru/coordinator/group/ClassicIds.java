package io.naru.coordinator.group;

import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** How long names may be that strangers choose. */
final class ClassicIds {

    private ClassicIds() {}

    static void checkGroup(String groupId) {
        if (groupId.isEmpty() || groupId.length() > HeartbeatRules.ID_LENGTH_MAX) {
            throw Errors.INVALID_GROUP_ID.exception(
                    "a group id has 1 to " + HeartbeatRules.ID_LENGTH_MAX + " characters");
        }
    }

    static void check(String field, @Nullable String id) {
        if (id != null && id.length() > HeartbeatRules.ID_LENGTH_MAX) {
            throw Errors.INVALID_REQUEST.exception(
                    field + " has " + id.length() + " characters, more than " + HeartbeatRules.ID_LENGTH_MAX);
        }
    }
}
