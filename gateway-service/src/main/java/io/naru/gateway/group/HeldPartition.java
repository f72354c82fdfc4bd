package io.naru.gateway.group;

/** A partition that a member holds, and how far it is. Belongs to the member's mailbox. */
final class HeldPartition {

    /** The coordinator has not been asked yet. */
    static final long UNASKED = -3;

    /** There is none. */
    static final long NONE = -1;

    private final MemberPartition id;
    private final int gainedEpoch;
    private long committed = UNASKED;
    private long beginning = NONE;
    private long delivered = NONE;
    private boolean revoking;
    private boolean told;

    HeldPartition(MemberPartition id, int gainedEpoch) {
        this.id = id;
        this.gainedEpoch = gainedEpoch;
    }

    MemberPartition id() {
        return id;
    }

    /** The member's epoch when it got the partition: cursors of earlier epochs tell of another time with it. */
    int gainedEpoch() {
        return gainedEpoch;
    }

    long committed() {
        return committed;
    }

    void committed(long offset) {
        committed = Math.max(committed, offset);
    }

    /** Its client has committed this, wherever that lies. */
    void recommitted(long offset) {
        committed = offset;
    }

    /** Another gateway may have committed since: the coordinator is asked again. */
    void doubt() {
        committed = UNASKED;
    }

    /** Where to begin, nothing having been committed, or {@link #NONE} while it is not known. */
    long beginning() {
        return beginning;
    }

    void beginning(long offset) {
        beginning = offset;
    }

    /** Records below this offset were given to the member's client. */
    void delivered(long nextOffset) {
        delivered = Math.max(delivered, nextOffset);
    }

    /** Whether the client was given records that it has not acknowledged. */
    boolean isUnacked() {
        return delivered > Math.max(committed, NONE);
    }

    /** Whether the group wants it back. */
    boolean isRevoking() {
        return revoking;
    }

    void revoking(boolean wanted) {
        revoking = wanted;
        told &= wanted;
    }

    /** Whether the client has been told that the group wants it back. */
    boolean isTold() {
        return told;
    }

    void told() {
        told = revoking;
    }
}
