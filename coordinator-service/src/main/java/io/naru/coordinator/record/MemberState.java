package io.naru.coordinator.record;

/**
 * Where a member stands on its way to its target assignment (KIP-848).
 *
 * <pre>
 * STABLE ── new target takes partitions away ──▶ UNREVOKED_PARTITIONS ── member gave them up ──┐
 *   ▲  └──── new target adds partitions that others still hold ──▶ UNRELEASED_PARTITIONS ◀─────┤
 *   └────────────────────────── everything it was promised is free and given ◀─────────────────┘
 * </pre>
 */
public enum MemberState {
    /** It has everything that its epoch's target gives it. */
    STABLE((byte) 0),
    /** It must give partitions up before its epoch moves. */
    UNREVOKED_PARTITIONS((byte) 1),
    /** It waits for partitions that others have not given up yet. */
    UNRELEASED_PARTITIONS((byte) 2),
    /** Written by a later version; such a member has to join anew. */
    UNKNOWN((byte) 127);

    private final byte code;

    MemberState(byte code) {
        this.code = code;
    }

    /** The code on disk. */
    public byte code() {
        return code;
    }

    /** The state with that code on disk. */
    public static MemberState of(byte code) {
        for (MemberState state : values()) {
            if (state.code == code) {
                return state;
            }
        }
        return UNKNOWN;
    }
}
