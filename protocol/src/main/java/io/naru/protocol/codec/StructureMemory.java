package io.naru.protocol.codec;

/**
 * What one Produce request takes of the {@link FrameMemory} for its topics and partitions, which become far more than they were when they
 * are parsed and answered: millions of them fit into a frame. Used by the thread that parses, given back once, when the request is answered.
 */
public final class StructureMemory {

    /** Taken at a time, in bytes of the frame. */
    private static final int STEP = 4096;

    private final FrameMemory memory;
    private int paid = FrameMemory.STRUCTURE_PAID;
    private long taken;

    /** Of one request, which has paid for its frame. */
    public StructureMemory(FrameMemory memory) {
        this.memory = memory;
    }

    /** Whether so much of the frame can be anything but records. */
    boolean covers(int structureBytes) {
        while (structureBytes > paid) {
            long cost = (long) FrameMemory.STRUCTURE_FACTOR * STEP;
            if (!memory.takeNow(cost)) {
                return false;
            }
            taken += cost;
            paid += STEP;
        }
        return true;
    }

    /** How many bytes could be covered as things are. */
    long coverable() {
        return paid + memory.free() / FrameMemory.STRUCTURE_FACTOR;
    }

    /** Gives back what was taken beside the frame's. */
    public void giveBack() {
        long bytes = taken;
        taken = 0;
        if (bytes > 0) {
            memory.giveBack(bytes);
        }
    }
}
