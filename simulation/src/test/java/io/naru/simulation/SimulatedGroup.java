package io.naru.simulation;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.CoordinatorImage;
import io.naru.cluster.GroupShards;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A group of consumers that read all topics of clients, and the coordinators, of which one at a time has the group's shard. */
final class SimulatedGroup {

    private static final int COORDINATORS = 2;
    private static final int MEMBERS = 3;
    private static final int OFFSETS_REPLICAS = 3;

    private final Simulation world;
    private final String groupId;
    private final boolean early;
    private final GroupLedger ledger;
    private final List<CoordinatorMachine> coordinators = new ArrayList<>();
    private final List<MemberMachine> members = new ArrayList<>();

    SimulatedGroup(Simulation world, Random random) {
        this.world = world;
        this.groupId = "readers-" + random.nextInt(8);
        this.early = random.nextBoolean();
        this.ledger = new GroupLedger(world);
        for (int id = 1; id <= COORDINATORS; id++) {
            coordinators.add(new CoordinatorMachine(
                    world, id, new MachineClock(world.events(), rate(random)), ledger, new Random(random.nextLong())));
        }
        for (int number = 1; number <= MEMBERS; number++) {
            members.add(new MemberMachine(
                    world,
                    "member-" + number,
                    new MachineClock(world.events(), rate(random)),
                    this,
                    new Random(random.nextLong())));
        }
    }

    private static double rate(Random random) {
        return 1 + (random.nextInt(41) - 20) / 1_000.0;
    }

    String groupId() {
        return groupId;
    }

    GroupLedger ledger() {
        return ledger;
    }

    List<CoordinatorMachine> coordinators() {
        return coordinators;
    }

    CoordinatorMachine coordinator(int id) {
        return coordinators.get(id - 1);
    }

    List<MemberMachine> members() {
        return members;
    }

    List<String> machines() {
        return Stream.concat(
                        coordinators.stream().map(CoordinatorMachine::name),
                        members.stream().map(MemberMachine::name))
                .toList();
    }

    /** Whether coordinators are there before the brokers are, so that {@code __consumer_offsets} begins with one replica and grows. */
    boolean early() {
        return early;
    }

    void startCoordinators() {
        coordinators.forEach(CoordinatorMachine::start);
    }

    void startMembers() {
        members.forEach(MemberMachine::start);
    }

    /** The group's partition of {@code __consumer_offsets}. */
    static Optional<PartitionImage> log(ClusterImage image, String groupId) {
        return image.topic(TopicImage.CONSUMER_OFFSETS)
                .map(topic -> topic.partitions()
                        .get(GroupShards.shardFor(groupId, topic.partitions().size())));
    }

    /** Who coordinates the group. */
    static Optional<CoordinatorImage> coordinator(ClusterImage image, String groupId) {
        int shards = image.shards().size();
        return shards == 0 ? Optional.empty() : image.coordinatorOf(GroupShards.shardFor(groupId, shards));
    }

    /** Whether the offsets are replicated as is promised. */
    boolean ready() {
        TopicImage offsets = world.image().topics().get(TopicImage.CONSUMER_OFFSETS);
        return offsets != null
                && "2".equals(offsets.configs().get("min.insync.replicas"))
                && offsets.partitions().stream()
                        .allMatch(partition -> partition.isr().size() == OFFSETS_REPLICAS && !partition.reassigning());
    }

    /** Why the group is not well yet: each partition is one member's, who has read and committed all of it. */
    Optional<String> missing() {
        Map<String, String> owners = new TreeMap<>();
        for (MemberMachine machine : members) {
            GroupMember member = machine.member();
            if (member == null || !member.settled()) {
                return Optional.of(machine.name() + " is not settled: " + member);
            }
            for (Place place : member.holds()) {
                String other = owners.put(place.toString(), machine.name());
                if (other != null) {
                    return Optional.of(place + " is both " + other + "'s and " + machine.name() + "'s");
                }
            }
        }
        for (TopicImage topic : Simulation.topicsOfClients(world.image())) {
            for (PartitionImage partition : topic.partitions()) {
                Place place = new Place(topic.topicId(), partition.partition());
                long end = world.ledger().knownEnd(place) + 1;
                if (owners.remove(place.toString()) == null
                        || ledger.firstUnread(place) < end
                        || ledger.committed(place) < end) {
                    return Optional.of(topic.name() + " " + place + " has " + end + " records; the group has read to "
                            + ledger.firstUnread(place) + " and committed " + ledger.committed(place));
                }
            }
        }
        return owners.isEmpty() ? Optional.empty() : Optional.of("members hold what is gone: " + owners);
    }
}
