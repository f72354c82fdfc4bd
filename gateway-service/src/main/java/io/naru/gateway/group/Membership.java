package io.naru.gateway.group;

import io.naru.gateway.cursor.Subscription;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;

/** How a member comes by its partitions. Belongs to the member's mailbox. */
interface Membership {

    /** Whether it is known which partitions the member has. */
    boolean isSynced();

    /** The member's epoch (KIP-848): cursors of earlier epochs may tell of another time with a partition. */
    int epoch();

    /** Another gateway has served the member, too: it may have given partitions up of which nothing is known here yet. */
    default void shared() {
        // What nobody else can change needs no care.
    }

    /** Asks the group whether the member still stands where it is believed to stand, if anybody else can have moved it. */
    default void confirm() {
        // Nobody can.
    }

    /** Whether the group has confirmed it, having been asked at this time ({@link System#nanoTime}) or later. */
    default boolean isConfirmedSince(long nanos) {
        return true;
    }

    /** What it reads. */
    Subscription subscription();

    /** Reads something else from now on. */
    void subscribe(Subscription wanted);

    /** Who commits: the member, or nobody in particular. */
    MemberKey committer();

    /** The epoch that a commit names. */
    int committerEpoch();

    /** Another gateway speaks for the member, until {@link #goOn}. */
    default void pause() {
        // Nobody speaks.
    }

    /** Its client has asked for something here. */
    default void goOn() {
        // Nothing was paused.
    }

    /** Its client asks for records. */
    void polled();

    /** What the member holds has changed. */
    void changed();

    /** Another member of the group on this gateway came, went or gave something up. */
    void nudged();

    /** Something did not work for now: says everything again, a little later. */
    void retry();

    /** The coordinator has refused an offset call of this member, not for something that passes by itself. */
    void refused(Errors error);

    /** Leaves now, wherever its client is. */
    CompletableFuture<Errors> leave();

    /** Its client was silent for too long: leaves, unless the client went on at another gateway. */
    void lapse();

    /** Nothing is to be done any more. */
    void end();
}
