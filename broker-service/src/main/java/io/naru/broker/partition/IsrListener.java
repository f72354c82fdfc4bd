package io.naru.broker.partition;

/** Hears that a leader wants its in-sync replicas changed. Called without locks held; must only hand on. */
@FunctionalInterface
public interface IsrListener {

    /** {@link Partition#isrProposal} has something to ask the controller for. */
    void isrProposed(Partition partition);
}
