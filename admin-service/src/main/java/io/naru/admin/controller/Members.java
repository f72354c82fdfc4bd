package io.naru.admin.controller;

import io.naru.cluster.CoordinatorImage;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** What is asked of brokers and coordinators alike when they register and when they are heard. */
final class Members {

    private static final int MAX_MEMBERS = 1000;
    private static final int MAX_TEXT = 256;

    private Members() {}

    /** Refuses ids and incarnations that cannot be, and more members than there may be. */
    static void check(int id, String incarnationId, Map<Integer, ?> members) {
        if (id < 0 || id >= CoordinatorImage.NODE_ID_BASE) {
            throw new RefusedException(
                    Errors.INVALID_REQUEST,
                    "Ids are between 0 and " + (CoordinatorImage.NODE_ID_BASE - 1) + ", not " + id + ".");
        }
        if (incarnationId.isBlank() || incarnationId.length() > MAX_TEXT) {
            throw new RefusedException(
                    Errors.INVALID_REQUEST, "The incarnation id must have between 1 and " + MAX_TEXT + " characters.");
        }
        if (!members.containsKey(id) && members.size() >= MAX_MEMBERS) {
            throw new RefusedException(
                    Errors.POLICY_VIOLATION, "There are " + MAX_MEMBERS + " registrations already; that is the limit.");
        }
    }

    /** Refuses another process under the id of one that is known to live. */
    static void checkNotTaken(String what, int id, boolean sameProcess, Sessions sessions, long nowMs) {
        if (!sameProcess && sessions.knownAlive(id, nowMs)) {
            throw new RefusedException(
                    Errors.DUPLICATE_BROKER_REGISTRATION,
                    what + " " + id
                            + " is registered by another process that is alive. Give this one another id, or stop"
                            + " the other.");
        }
    }

    /** Refuses an epoch that is not the registered one. */
    static void checkEpoch(String what, int id, long epoch, @Nullable Long registered) {
        if (registered == null || registered != epoch) {
            throw new RefusedException(
                    Errors.STALE_BROKER_EPOCH,
                    what + " " + id
                            + (registered == null ? " is not registered" : " is registered with epoch " + registered)
                            + ", not with epoch " + epoch + "; register again.");
        }
    }
}
