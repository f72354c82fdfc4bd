package io.naru.simulation;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData.TopicPartitions;

/**
 * What the members of a group were told: whose partitions are, and what is committed. A partition belongs to one member in an epoch; a commit
 * that was acknowledged is never lost and never goes back; nothing is committed that nobody sent.
 */
final class GroupLedger {

    private final Simulation world;
    private final Map<Given, String> owners = new HashMap<>();
    private final Map<Place, Long> sent = new HashMap<>();
    private final Map<Place, Long> committed = new HashMap<>();
    private final Map<Place, BitSet> delivered = new HashMap<>();
    private long commits;

    private record Given(Place place, int memberEpoch) {}

    GroupLedger(Simulation world) {
        this.world = world;
    }

    /** A coordinator answers a heartbeat. */
    void told(String coordinator, ConsumerGroupHeartbeatResponseData answer) {
        if (answer.errorCode() != 0 || answer.assignment() == null) {
            return;
        }
        for (TopicPartitions topic : answer.assignment().topicPartitions()) {
            for (int partition : topic.partitions()) {
                Place place = new Place(topic.topicId().toString(), partition);
                String other = owners.putIfAbsent(new Given(place, answer.memberEpoch()), answer.memberId());
                if (other != null && !other.equals(answer.memberId())) {
                    throw new Violation("P41: " + coordinator + " gives " + place + " in epoch " + answer.memberEpoch()
                            + " to " + answer.memberId() + ", whose it is not, but " + other + "'s");
                }
            }
        }
    }

    /** A member asks for {@code offset} to be committed. */
    void sent(Place place, long offset) {
        sent.merge(place, offset, Math::max);
    }

    /** A member was told that {@code offset} is committed. */
    void committed(Place place, long offset) {
        commits++;
        committed.merge(place, Math.max(0, offset), Math::max);
    }

    /** What is known to be committed; 0 for nothing. */
    long committed(Place place) {
        return committed.getOrDefault(place, 0L);
    }

    /**
     * A member was told where to go on.
     *
     * @param offset   −1 for no commit
     * @param atLeast what was known to be committed when it asked
     */
    void found(String member, Place place, long offset, long atLeast) {
        boolean exists = world.image().topics().values().stream()
                .anyMatch(topic -> topic.topicId().equals(place.topicId()));
        if (exists && Math.max(0, offset) < atLeast) {
            throw new Violation("P43: " + member + " is told to read " + place + " from " + offset + ", and " + atLeast
                    + " was committed");
        }
        if (offset > sent.getOrDefault(place, 0L)) {
            throw new Violation(
                    "P43: " + member + " is told that " + offset + " of " + place + " is committed: by nobody");
        }
        // A commit of which nobody has heard has been made, and stands like any other from now on.
        committed.merge(place, Math.max(0, offset), Math::max);
        world.trace().say(member, "goes on from " + offset + " of " + place);
    }

    /** A member that owns the partition has read a record. */
    void delivered(Place place, long offset) {
        delivered.computeIfAbsent(place, p -> new BitSet()).set((int) offset);
    }

    /** The first offset that no owner has read yet. */
    long firstUnread(Place place) {
        return delivered.getOrDefault(place, new BitSet()).nextClearBit(0);
    }

    /** How many commits were acknowledged. */
    long commits() {
        return commits;
    }
}
