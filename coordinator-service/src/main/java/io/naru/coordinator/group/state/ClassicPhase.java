package io.naru.coordinator.group.state;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.jspecify.annotations.Nullable;

/**
 * Where a classic group stands, and who waits for what there.
 *
 * <pre>
 *           a member joins               all have joined                the leader has
 *                                        or time is up                  assigned
 *   Empty ─────────────────▶ Preparing ─────────────────▶ Completing ─────────────────▶ Stable
 *     ▲                       │     ▲                          │                           │
 *     └──── nobody is left ───┘     └── a member joins, leaves, changes or is lost ────────┘
 * </pre>
 *
 * Only Empty and Stable are written to the log: a rebalance that its coordinator does not live to see the end of begins anew.
 */
public sealed interface ClassicPhase {

    /** As Kafka calls it. */
    String kafkaName();

    /** Nobody is in the group. Some may have been told an id and not have joined yet. */
    record Empty() implements ClassicPhase {

        @Override
        public String kafkaName() {
            return "Empty";
        }
    }

    /** Members are called together. Those that have come wait for the others. */
    final class Preparing implements ClassicPhase {

        /** No limit: members that were there before are waited for. */
        private static final long NOT_INITIAL = -1;

        private final Map<String, Later<JoinGroupResponseData>> waiting = new LinkedHashMap<>();
        private final long initialLimitMs;
        private boolean newcomers;

        private Preparing(long initialLimitMs) {
            this.initialLimitMs = initialLimitMs;
        }

        /** The group was empty: more members than the first may be about to come, and are given until {@code limitMs} at most. */
        public static Preparing initial(long limitMs) {
            return new Preparing(limitMs);
        }

        public static Preparing again() {
            return new Preparing(NOT_INITIAL);
        }

        @Override
        public String kafkaName() {
            return "PreparingRebalance";
        }

        public boolean isInitial() {
            return initialLimitMs != NOT_INITIAL;
        }

        public long initialLimitMs() {
            return initialLimitMs;
        }

        /** The member has come; who waited in its name before, if anyone, is returned. */
        public Optional<Later<JoinGroupResponseData>> await(String memberId, Later<JoinGroupResponseData> later) {
            return Optional.ofNullable(waiting.put(memberId, later));
        }

        /** The member waits no more. */
        @Nullable
        public Later<JoinGroupResponseData> take(String memberId) {
            return waiting.remove(memberId);
        }

        public boolean awaits(String memberId) {
            return waiting.containsKey(memberId);
        }

        /** Ids of members that have come, the first one first. */
        public Collection<String> come() {
            return waiting.keySet();
        }

        /** A newcomer has come: others may follow. */
        public void sawNewcomer() {
            newcomers = true;
        }

        /** Whether newcomers have come since this was last asked. */
        public boolean takeNewcomers() {
            boolean seen = newcomers;
            newcomers = false;
            return seen;
        }
    }

    /** The generation is out. Members wait for what the leader assigns. */
    public final class Completing implements ClassicPhase {

        private final Map<String, Later<SyncGroupResponseData>> waiting = new LinkedHashMap<>();
        private final Set<String> unsynced;

        public Completing(Collection<String> unsynced) {
            this.unsynced = new LinkedHashSet<>(unsynced);
        }

        @Override
        public String kafkaName() {
            return "CompletingRebalance";
        }

        public Optional<Later<SyncGroupResponseData>> await(String memberId, Later<SyncGroupResponseData> later) {
            unsynced.remove(memberId);
            return Optional.ofNullable(waiting.put(memberId, later));
        }

        @Nullable
        public Later<SyncGroupResponseData> take(String memberId) {
            unsynced.remove(memberId);
            return waiting.remove(memberId);
        }

        public Collection<String> waiting() {
            return waiting.keySet();
        }

        public Set<String> unsynced() {
            return unsynced;
        }
    }

    /** Everyone has its assignment or may fetch it. */
    record Stable(Set<String> unsynced) implements ClassicPhase {

        /** Copies the ids, which shrink as members fetch. */
        public Stable {
            unsynced = new LinkedHashSet<>(unsynced);
        }

        @Override
        public String kafkaName() {
            return "Stable";
        }
    }
}
