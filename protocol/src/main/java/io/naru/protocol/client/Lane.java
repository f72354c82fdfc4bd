package io.naru.protocol.client;

/**
 * Which of several connections to the same node a request takes. Requests of one lane go out, and are handled, in order; what may
 * wait long at the node does not share a lane with what may not.
 *
 * @param purpose what travels on it
 * @param number  tells lanes of one purpose apart
 */
public record Lane(String purpose, int number) {

    /** Metadata, admin calls, group calls: short and rare. */
    public static final Lane CONTROL = new Lane("control", 0);

    /** Produce. */
    public static final Lane PRODUCE = new Lane("produce", 0);
}
